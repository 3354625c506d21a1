/// Tracks of an account, in the playlist's order.
public struct Playlist: Sendable, Hashable, Identifiable {
    /// 22 base62 characters, random.
    public var id: String
    public var name: String
    public var tracks: Int
    /// Seconds.
    public var duration: Double
    /// Milliseconds since 1970.
    public var created: Int
    public var changed: Int
    /// May be empty.
    public var comment = ""

    /// The most tracks in one playlist.
    public static let mostTracks = 10_000
}

extension Playlist {
    static let columns = ["id", "name", "tracks", "microseconds", "created", "changed", "comment"]

    /// - Parameter row: begins with ``columns``.
    init(row: Row) {
        self.init(
            id: row[0], name: row[1], tracks: row[2], duration: Double(row[3] as Int) / 1_000_000, created: row[4],
            changed: row[5], comment: row[6])
    }
}
