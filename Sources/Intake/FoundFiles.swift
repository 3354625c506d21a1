internal import Glibc

/// What there is to take in under some paths of this machine.
public struct FoundFiles: Sendable {
    /// Absolute paths of the audio files, as an import would find them; they need not be UTF-8.
    public let songs: [[UInt8]]
    /// Absolute paths of the M3U and M3U8 files.
    public let playlists: [[UInt8]]

    /// Looks into the folders, and at the files that are named. Blocks.
    public init(under paths: [String]) {
        var songs: [[UInt8]] = []
        var playlists: [[UInt8]] = []
        for path in paths {
            if Self.isPlaylist(path) {
                playlists.append(Path(named: path).key)
                continue
            }
            songs += FolderWalk.audioFiles(under: [path]).map(\.path.key)
            guard let status = Path(named: path).status, status.st_mode & S_IFMT == S_IFDIR else { continue }
            playlists += FolderWalk.regularFiles(in: path).filter { Self.isPlaylist($0.text) }.map(\.key)
        }
        self.songs = songs
        self.playlists = playlists.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func isPlaylist(_ name: String) -> Bool {
        let name = name.lowercased()
        return name.hasSuffix(".m3u") || name.hasSuffix(".m3u8")
    }
}
