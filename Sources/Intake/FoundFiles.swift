/// What there is to take in under some paths of this machine.
public struct FoundFiles: Sendable {
    /// Absolute paths of the audio files, as an import would find them; they need not be UTF-8.
    public let songs: [[UInt8]]
    /// Absolute paths of the M3U and M3U8 files.
    public let playlists: [[UInt8]]
    /// What else there is.
    public let passedOver: PassedOver

    /// Looks into the folders, and at the files that are named. Blocks.
    public init(under paths: [String]) {
        let walk = FolderWalk()
        songs = walk.audioFiles(under: paths).map(\.path.key)
        playlists = walk.playlists.map(\.key).sorted { $0.lexicographicallyPrecedes($1) }
        passedOver = walk.passedOver
    }
}
