/// The files under some local paths that an import would find.
public struct FoundFiles: Sendable {
    /// Absolute paths of the audio files, as an import would find them; they need not be UTF-8.
    public let songs: [[UInt8]]
    /// Absolute paths of the M3U and M3U8 files.
    public let playlists: [[UInt8]]
    /// The other files.
    public let passedOver: PassedOver

    /// Searches folders, and takes every file that is named itself. Blocks.
    public init(under paths: [String]) {
        let walk = FolderWalk()
        songs = walk.audioFiles(under: paths).map(\.path.key)
        playlists = walk.playlists.map(\.key).sorted { $0.lexicographicallyPrecedes($1) }
        passedOver = walk.passedOver
    }
}
