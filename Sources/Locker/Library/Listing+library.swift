extension Listing {
    static func albums(
        _ name: String, source: String = "album", condition: String, by columns: [String], isDescending: Bool = false
    ) -> Listing {
        Listing(
            name: name,
            selection: Album.Found.columns,
            source: source, condition: condition, columns: columns, isDescending: isDescending)
    }

    static let albumsOfArtist = albums(of: "albums of artist", isOwn: true)
    static let appearances = albums(of: "appearances", isOwn: false)
    /// The artist, if it is the account's. Albums and tracks are not compared with the account themselves, so there is one
    /// way to read them: by the artist's credits.
    private static let ownArtist = "(SELECT id FROM artist WHERE id = ? AND account = ?)"
    private static func albums(of name: String, isOwn: Bool) -> Listing {
        albums(
            name, source: "albumCredit JOIN album ON album.id = albumCredit.album",
            condition: "albumCredit.artist = \(ownArtist) AND albumCredit.isOwn = \(isOwn ? 1 : 0) AND album.tracks > 0",
            by: ["albumCredit.year", "albumCredit.nameOrder", "albumCredit.album"])
    }
    static let favouriteAlbums = albums(
        "favourite albums",
        condition: "album.account = ? AND album.favourite > 0 AND album.tracks > 0 AND album.name <> ''",
        by: ["album.favourite", "album.id"], isDescending: true)
    static let oneAlbum = albums("album", condition: "album.id = ? AND album.account = ?", by: ["album.id"])

    static let oneTrack = Listing(
        name: "track", selection: Track.columns, source: "track", condition: "id = ? AND account = ?", columns: ["id"])

    static let artists = Listing(
        name: "artists", selection: Artist.columns, source: "artist",
        condition: "account = ? AND uses > 0 AND name <> ''", columns: ["nameOrder", "id"])
    static let favouriteArtists = Listing(
        name: "favourite artists", selection: Artist.columns, source: "artist",
        condition: "account = ? AND favourite > 0 AND uses > 0 AND name <> ''", columns: ["favourite", "id"],
        isDescending: true)
    static let oneArtist = Listing(
        name: "artist", selection: Artist.columns, source: "artist", condition: "id = ? AND account = ?", columns: ["id"])

    static let genres = Listing(
        name: "genres", selection: ["name", "tracks"], source: "genre", condition: "account = ? AND tracks > 0",
        columns: ["nameOrder"])

    static let tracksOfAlbum = Listing(
        name: "tracks of album", selection: Track.columns, source: "track", condition: "albumId = ? AND account = ?",
        columns: ["disc", "track", "id"],
        total: "SELECT count(*) FROM track WHERE albumId = (SELECT id FROM album WHERE id = ? AND account = ?)")
    static let tracksOfArtist = Listing(
        name: "tracks of artist", selection: Track.columns, source: "credit JOIN track ON track.id = credit.track",
        keys: "credit",
        condition: "credit.artist = \(ownArtist) AND credit.isOfAlbum = 0",
        columns: ["credit.albumOrder", "credit.disc", "credit.number", "credit.track"],
        total: "SELECT tracks FROM artist WHERE id = ? AND account = ?")
    static let tracksOfGenre = Listing(
        name: "tracks of genre", selection: Track.columns, source: "trackGenre JOIN track ON track.id = trackGenre.track",
        keys: "trackGenre", condition: "trackGenre.genre = (SELECT id FROM genre WHERE nameOrder = ? AND account = ?)",
        columns: ["trackGenre.titleOrder", "trackGenre.track"],
        total: "SELECT tracks FROM genre WHERE nameOrder = ? AND account = ?")
    static let favouriteTracks = Listing(
        name: "favourite tracks", selection: Track.columns, source: "track", condition: "account = ? AND favourite > 0",
        columns: ["favourite", "id"], isDescending: true)
}
