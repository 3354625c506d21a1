/// An album with all that the catalogue knows of it, as players of other protocols show it; or the tracks of an artist that are
/// on no album, together: then its name is empty.
public struct AlbumEntry: Sendable {
    /// Without the track of its cover.
    public var album: Album
    /// The id of the track whose cover stands for the album; nil if no track has one.
    public var cover: String?
    public var plays: Int
    /// Milliseconds since 1970; nil if none of its tracks was ever played.
    public var played: Int?
    /// Empty if the tags have none.
    public var sortName: String
    /// MusicBrainz' identifier of the release; empty if unknown.
    public var release: String
    /// The genre of most of its tracks first.
    public var genres: [String] = []
    /// The discs that have a title, by number.
    public var discs: [(number: Int, title: String)] = []

    static let columns =
        Album.Found.columns + ["album.plays", "album.played", "album.sortName", "album.release"]

    /// - Parameter row: begins with ``columns``.
    init(row: Row) {
        let (found, place) = (Album.Found(row: row), Album.Found.columns.count)
        (album, cover) = (found.album, found.cover)
        plays = row[place]
        let time: Int = row[place + 1]
        played = time > 0 ? time : nil
        (sortName, release) = (row[place + 2], row[place + 3])
    }
}
