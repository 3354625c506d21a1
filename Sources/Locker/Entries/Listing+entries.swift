extension Listing {
    /// The same rows, of which other columns are read.
    func reading(_ selection: [String]) -> Listing {
        var listing = self
        listing.selection = selection
        return listing
    }

    static let albumsOfGenre = Listing(
        name: "albums of genre", selection: AlbumEntry.columns,
        source: "albumGenre JOIN album ON album.id = albumGenre.album", keys: "albumGenre",
        condition: "albumGenre.genre = (SELECT id FROM genre WHERE nameOrder = ? AND account = ?)",
        columns: ["albumGenre.nameOrder", "albumGenre.album"])
    /// The tracks of each artist that are on no album.
    static let unnamedAlbums = albums(
        "unnamed albums",
        condition: """
            album.account = ? AND album.name = '' AND EXISTS (SELECT 1 FROM track WHERE track.albumId = album.id)
            """, by: ["album.id"]
    ).reading(AlbumEntry.columns)
    static let unnamedAlbumOfArtist = albums(
        "unnamed album of artist",
        condition: """
            album.artistId = ? AND album.account = ? AND album.name = ''
            AND EXISTS (SELECT 1 FROM track WHERE track.albumId = album.id)
            """, by: ["album.id"]
    ).reading(AlbumEntry.columns)
    static let unnamedArtist = Listing(
        name: "unnamed artist", selection: ArtistEntry.columns, source: "artist",
        condition: "account = ? AND name = '' AND uses > 0", columns: ["id"])
    /// With the artist of the tracks that name none.
    static let favouriteArtistEntries = Listing(
        name: "favourite artist entries", selection: ArtistEntry.columns, source: "artist",
        condition: "account = ? AND favourite > 0 AND uses > 0", columns: ["favourite", "id"], isDescending: true)
    static let tracksOfYears = Listing(
        name: "tracks of years", selection: SongEntry.columns, source: "track",
        condition: "account = ? AND year BETWEEN ? AND ?", columns: ["year", "id"])
    static let tracksOfGenreAndYears = Listing(
        name: "tracks of genre and years", selection: SongEntry.columns,
        source: "trackGenre JOIN track ON track.id = trackGenre.track",
        condition: """
            trackGenre.genre = (SELECT id FROM genre WHERE nameOrder = ? AND account = ?) AND track.year BETWEEN ? AND ?
            """, columns: ["trackGenre.titleOrder", "trackGenre.track"])
    static let bookmarks = Listing(
        name: "bookmarks",
        selection: SongEntry.columns + [
            "bookmark.milliseconds", "bookmark.comment", "bookmark.created", "bookmark.changed"
        ],
        source: "bookmark JOIN track ON track.id = bookmark.track", condition: "bookmark.account = ?",
        columns: ["bookmark.track"])
}
