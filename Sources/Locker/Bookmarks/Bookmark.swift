/// A place in a track that a listener wants to come back to. A track has at most one.
public struct Bookmark: Sendable {
    public var song: SongEntry
    /// Milliseconds of the track.
    public var position: Int
    /// May be empty.
    public var comment: String
    /// Milliseconds since 1970.
    public var created: Int
    public var changed: Int

    /// - Parameter row: begins with the columns of ``Listing/bookmarks``.
    init(row: Row) throws {
        let place = SongEntry.columns.count
        song = try SongEntry(row: row)
        (position, comment, created, changed) = (row[place], row[place + 1], row[place + 2], row[place + 3])
    }
}
