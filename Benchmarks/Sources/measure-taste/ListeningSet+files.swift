import Foundation

extension ListeningSet {
    /// Users with ten items or more, all sets: who is tested, and which files there are.
    enum Source: String, CaseIterable {
        case lastfm2k
        case yesBig = "yes_big"
        case kgat

        /// Whether a user's held-out items are looked for.
        func isTested(_ user: UInt32) -> Bool { self != .kgat || user.isMultiple(of: 5) }
    }

    /// Reads a set. The folder's compressed files must be beside the others without their `.gz`.
    init(_ source: Source, folder: URL, seeds: [UInt64] = [7]) throws {
        var pairs: [(user: UInt32, item: UInt32)] = []
        switch source {
        case .lastfm2k:
            for fields in try Self.rows(of: folder.appending(path: "lastfm2k_plays.tsv")) where fields.count == 3 {
                if let user = UInt32(fields[0]), let item = UInt32(fields[1]) { pairs.append((user, item)) }
            }
        case .yesBig, .kgat:
            let file = source == .kgat ? "lfm1b_kgat_part.tsv" : "yes_big_playlists.tsv"
            for fields in try Self.rows(of: folder.appending(path: file)) where fields.count == 2 {
                guard let user = UInt32(fields[0]) else { continue }
                pairs += Set(fields[1].split(separator: " ").compactMap { UInt32($0) }).sorted().map { (user, $0) }
            }
        }
        self.init(name: source.rawValue, pairs: pairs, seeds: seeds, isTested: source.isTested)
        if source == .yesBig { try readArtists(folder.appending(path: "yes_big_songs.tsv")) }
    }

    /// Whether the held-out pairs are those of the file that was made with the protocol.
    func agrees(with source: Source, folder: URL) throws -> Bool {
        let name = source == .kgat ? "lfm1b_kgat_heldout7.tsv" : "\(source.rawValue)_heldout7.tsv"
        let rows = try Self.rows(of: folder.appending(path: name))
        let filed = Set(
            rows.compactMap { fields -> UInt64? in
                guard fields.count == 2, let user = UInt64(fields[0]), let item = UInt64(fields[1]) else { return nil }
                return user << 32 | item
            })
        return filed == Set(heldOutPairs.map { UInt64($0.user) << 32 | UInt64($0.item) })
    }

    private mutating func readArtists(_ file: URL) throws {
        var numbers: [Substring: Int32] = [:]
        var artistOfSong: [UInt32: Int32] = [:]
        for fields in try Self.rows(of: file) where fields.count == 3 {
            guard let song = UInt32(fields[0]) else { continue }
            let next = Int32(numbers.count)
            artistOfSong[song] = numbers[fields[2], default: next]
            if numbers[fields[2]] == nil { numbers[fields[2]] = next }
        }
        artists = items.map { artistOfSong[$0] ?? -1 }
    }

    /// Fields of all lines but the first.
    private static func rows(of file: URL) throws -> [[Substring]] {
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        return text.split(separator: "\n").dropFirst().map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    }
}
