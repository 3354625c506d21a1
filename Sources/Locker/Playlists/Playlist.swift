/// Tracks of an account, in the playlist's order. The tracks of a smart playlist are those that its rules are true of now.
public struct Playlist: Sendable, Hashable, Identifiable {
    /// 22 base62 characters, random.
    public var id: String
    public var name: String
    public var tracks: Int
    /// Seconds.
    public var duration: Double
    /// Milliseconds since 1970.
    public var created: Int
    /// When the tracks may last have changed.
    public var changed: Int
    /// May be empty.
    public var comment = ""
    /// Nil if the tracks were chosen one by one.
    public var rules: SmartRules?

    /// The most tracks in one playlist.
    public static let mostTracks = 10_000
}

extension Playlist {
    static let columns = ["id", "name", "tracks", "microseconds", "created", "changed", "comment", "rules"]

    /// - Parameter row: begins with ``columns``.
    /// - Throws: ``CatalogueError/corrupt(_:)``.
    init(row: Row) throws {
        self.init(
            id: row[0], name: row[1], tracks: row[2], duration: Double(row[3] as Int) / 1_000_000, created: row[4],
            changed: row[5], comment: row[6], rules: try (row[7] as String?).map(SmartRules.init(stored:)))
    }
}
