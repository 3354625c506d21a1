/// A track that was deleted a short time ago, and can be put back.
public struct DeletedTrack: Sendable, Hashable, Identifiable {
    public var id: String
    public var title: String
    public var artist: String
    public var album: String
    /// Milliseconds since 1970.
    public var deleted: Int
}
