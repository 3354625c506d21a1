/// A track with all that the catalogue knows of it, as players of other protocols show it.
public struct SongEntry: Sendable {
    public var track: Track
    public var plays: Int
    /// Empty if the tags have none.
    public var sortName: String
    /// MusicBrainz' identifier of the recording; empty if unknown.
    public var recording: String
    public var tags: SongTags
    /// Milliseconds of the track at which its bookmark is; nil if it has none.
    public var bookmark: Int?
    /// The loudness of its album; nil if nothing of it is measured.
    public var albumLoudness: AlbumLoudness?

    static let columns =
        Track.columns + SongTags.names.map { "track.\($0)" } + [
            "track.plays", "track.titleSort", "track.musicBrainz",
            """
            (
                SELECT bookmark.milliseconds FROM bookmark
                WHERE bookmark.account = track.account AND bookmark.track = track.id
            )
            """
        ]

    /// - Parameter row: begins with ``columns``.
    init(row: Row) throws {
        track = try Track(row: row)
        tags = SongTags(row: row, at: Track.columns.count)
        let place = Track.columns.count + SongTags.names.count
        (plays, sortName, recording, bookmark) = (row[place], row[place + 1], row[place + 2], row[place + 3])
    }
}
