import Audio
import Locker

/// The files' paths in an export: relative, with names that every file system accepts, and no two equal, even if case is
/// ignored.
struct ExportNames {
    private var names: [String: String] = [:]
    private var taken: Set<String> = []
    /// For each path that was wanted before, the number that the next equal one tries first, so that a thousand songs of one name
    /// do not try a thousand names each.
    private var next: [String: Int] = [:]

    /// The path of a track, by its id; nil if none was noted.
    subscript(track: String) -> String? { names[track] }

    mutating func note(_ track: Track) {
        let artist = track.albumArtist.isEmpty ? track.albumArtists.first?.name ?? track.artist : track.albumArtist
        let number = track.track > 0 ? (track.track < 10 ? "0\(track.track) " : "\(track.track) ") : ""
        let folders = [artist.isEmpty ? "Unknown artist" : artist, track.album.isEmpty ? "Unknown album" : track.album]
        let path = (["music"] + folders.map { FileName.portable($0) }).joined(separator: "/")
        names[track.id] = unique(
            "\(path)/\(number)\(FileName.portable(track.title))",
            OriginalType(container: track.container, codec: track.codec).fileExtensions[0])
    }

    /// The path, or another that no file has yet.
    mutating func unique(_ path: String, _ fileExtension: String) -> String {
        let first = "\(path).\(fileExtension)"
        let key = Self.folded(first)
        if taken.insert(key).inserted { return first }
        var number = next[key] ?? 2
        while true {
            let candidate = "\(path) (\(number)).\(fileExtension)"
            number += 1
            guard taken.insert(Self.folded(candidate)).inserted else { continue }
            next[key] = number
            return candidate
        }
    }

    /// Equal for names that file systems of macOS or Windows consider equal; strings are equal in every normal form of Unicode.
    private static func folded(_ path: String) -> String { path.uppercased().lowercased() }
}
