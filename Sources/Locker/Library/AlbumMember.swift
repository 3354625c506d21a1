/// The values of a track that decide which album it is on.
struct AlbumMember {
    var id: String
    var added: Int
    var title: String
    /// The album's title as the track's tags have it.
    var album: String
    var disc: Int
    var number: Int
    var year: Int
    /// MusicBrainz' identifier of the release; empty if unknown.
    var release: String
    /// As ``AlbumFolder`` has it; empty if unknown.
    var folder: String
    var isCompilation: Bool
    /// The album artist as the tag has it; empty if there is no tag.
    var albumArtist: String
    var artistID: String
    var artists: [Credit]
    /// How many of `artists` are not guests.
    var mains: Int
    var albumArtists: [Credit]
    var albumSort: String
    var albumArtistSort: String
    /// The artist among whose albums the track's album is looked for.
    var owner: String
    var albumID: String
    var albumOrder: String

    /// Whether its tags leave open whose album it is on.
    var isOpen: Bool { albumArtist.isEmpty && !isCompilation }

    /// Its place on the album, by disc and number; nil if unknown.
    var position: Int? { number > 0 ? max(disc, 1) << 32 | number : nil }

    static let selection = """
        id, added, title, album, disc, track, year, release, folder, isCompilation, albumArtist, artistId, artist, artists, mains,
        albumArtists, albumSort, albumArtistSort, albumOwner, albumId, albumOrder
        """

}

extension AlbumMember {
    init(row: Row) {
        let artists = Track.artists(stored: row[13], artist: row[12], id: row[11])
        self.init(
            id: row[0], added: row[1], title: row[2], album: row[3], disc: row[4], number: row[5], year: row[6], release: row[7],
            folder: row[8], isCompilation: row[9], albumArtist: row[10], artistID: row[11], artists: artists, mains: row[14],
            albumArtists: Track.albumArtists(stored: row[15], artists: artists), albumSort: row[16], albumArtistSort: row[17],
            owner: row[18], albumID: row[19], albumOrder: row[20])
    }

    /// The tracks whose rows fulfil a condition, which has a `?` for each argument.
    static func all(where condition: String, _ arguments: Arguments, _ db: any Connection) throws -> [AlbumMember] {
        try db.all("SELECT \(selection) FROM track WHERE \(condition)", arguments, AlbumMember.init(row:))
    }

    static func one(_ id: String, _ db: any Connection) throws -> AlbumMember? { try all(where: "id = ?", [id], db).first }
}
