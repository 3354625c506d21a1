/// An artist with all that the catalogue knows of it, as players of other protocols show it.
public struct ArtistEntry: Sendable {
    /// Its name is empty for the artist of the tracks that name none.
    public var artist: Artist
    /// Empty if the tags have none.
    public var sortName: String
    /// The letter that it is under in an index; nil if that is the letter of the artist before it.
    public var letter: String?

    static let columns = Artist.columns + ["artist.sortName", "artist.nameOrder"]

    /// - Parameter row: begins with ``columns``.
    init(row: Row) {
        let place = Artist.columns.count
        artist = Artist(row: row)
        sortName = row[place]
        letter = ListLetter(ofKey: row[place + 1]).name
    }
}
