/// Paths of existing files. Entries of playlists are looked up only among these.
///
/// A path matches exactly, else in another normal form of Unicode, else in another case.
public struct KnownPaths: Sendable {
    /// Folders above a playlist that its entries may begin at.
    private static let mostFolders = 32
    /// Files with the same name in folders of the same name that are compared for one entry.
    private static let mostAlike = 64

    private static let slash = UInt8(ascii: "/")

    /// Absolute; they need not be UTF-8.
    public let paths: [[UInt8]]
    private let places: [String: [Int]]
    private var caseless: [String: [Int]]?
    /// By a file's name and its folder's, in lower case.
    private var tails: [String: [Int]]?

    public init(_ paths: [[UInt8]]) {
        self.paths = paths
        places = Dictionary(grouping: paths.indices) { Self.key(paths[$0]) }
    }

    /// The place in ``paths`` of the file that an entry of a playlist in `folder` means; nil if the file is not among them.
    ///
    /// Relative entries begin at the playlist's folder, else at one above it. An absolute path that does not exist is read as
    /// another machine's: it means the one file whose path shares the most names with it at the end, if that is two names or
    /// more, or if the file lies beside the playlist.
    ///
    /// - Parameter folder: The playlist's, absolute.
    public mutating func place(of entry: M3U.Entry, in folder: [UInt8]) -> Int? {
        let folder = folder.split(separator: Self.slash).map(Array.init)
        let readings = M3UReading.all(of: entry)
        for reading in readings {
            for path in Self.candidates(reading, in: folder) {
                guard let alike = places[Self.key(path)] else { continue }
                return alike.first { paths[$0] == path } ?? alike.first
            }
        }
        prepare()
        for reading in readings {
            for path in Self.candidates(reading, in: folder) {
                if let alike = caseless?[Self.key(path).lowercased()], alike.count == 1 { return alike[0] }
            }
        }
        for reading in readings where reading.isAbsolute {
            if let place = foreign(reading, in: folder) { return place }
        }
        return nil
    }

    private static func candidates(_ reading: M3UReading, in folder: [[UInt8]]) -> [[UInt8]] {
        if reading.isAbsolute { return [joined([], reading.names)] }
        // An entry that begins with `..` says where its file is.
        let climbs = reading.names.contains(Array("..".utf8))
        return (0..<(climbs ? 1 : min(mostFolders, folder.count) + 1)).map { joined(folder.dropLast($0), reading.names) }
    }

    private static func joined(_ folder: some Collection<[UInt8]>, _ names: [[UInt8]]) -> [UInt8] {
        var parts = Array(folder)
        for name in names {
            if name.elementsEqual("..".utf8) { _ = parts.popLast() } else { parts.append(name) }
        }
        return parts.flatMap { [slash] + $0 }
    }

    private func foreign(_ reading: M3UReading, in folder: [[UInt8]]) -> Int? {
        let names = reading.names.suffix(Self.mostFolders).map { Self.key($0).lowercased() }
        if names.count > 1, let alike = tails?[names.suffix(2).joined(separator: "/")], alike.count <= Self.mostAlike {
            let shared = alike.map { (place: $0, count: Self.shared(names, Self.names(of: paths[$0]))) }
            if let most = shared.map(\.count).max() {
                let best = shared.filter { $0.count == most }
                if best.count == 1 { return best[0].place }
            }
        }
        guard let name = reading.names.last else { return nil }
        let beside = Self.key(Self.joined(folder, [name]))
        return places[beside]?.first ?? caseless?[beside.lowercased()]?.first
    }

    private static func names(of path: [UInt8]) -> [String] {
        path.split(separator: slash).suffix(mostFolders).map { key(Array($0)).lowercased() }
    }

    /// How many names both paths have in common at their ends.
    private static func shared(_ one: [String], _ other: [String]) -> Int {
        zip(one.reversed(), other.reversed()).prefix { $0 == $1 }.count
    }

    /// Builds the indexes, which only entries without an exact match need.
    private mutating func prepare() {
        guard caseless == nil else { return }
        caseless = Dictionary(grouping: paths.indices) { Self.key(paths[$0]).lowercased() }
        tails = Dictionary(grouping: paths.indices) { place in
            paths[place].split(separator: Self.slash).suffix(2).map { Self.key(Array($0)).lowercased() }.joined(separator: "/")
        }
    }

    /// Equal if the strings are canonically equivalent; bytes that are not UTF-8 equal only themselves.
    private static func key(_ path: [UInt8]) -> String {
        String(validating: path, as: UTF8.self)
            ?? String(String.UnicodeScalarView(["\u{FFFD}"] + path.map { Unicode.Scalar($0) }))
    }
}
