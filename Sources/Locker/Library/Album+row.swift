extension Album {
    /// An album whose cover's track is yet to be read.
    struct Found: Sendable {
        var album: Album
        var cover: String?

        /// The columns that are read of an album's row.
        static let columns =
            [
                "id", "name", "artist", "artistId", "artists", "tracks", "microseconds", "year", "added", "isCompilation",
                "favourite",
                "rating"
            ].map { "album.\($0)" } + [
                """
                (
                    SELECT track.id FROM track WHERE track.albumId = album.id AND track.art IS NOT NULL
                    ORDER BY track.disc, track.track LIMIT 1
                )
                """
            ]

        /// - Parameter row: begins with ``columns``.
        init(row: Row) {
            album = Album(
                id: row[0], name: row[1], artist: row[2], artistID: row[3], artists: [Credit](stored: row[4]), tracks: row[5],
                duration: Double(row[6] as Int) / 1_000_000, year: row[7], added: row[8], isCompilation: row[9], cover: nil,
                marks: Marks(stored: row[10], rating: row[11]))
            cover = row[12]
        }
    }
}

extension Artist {
    /// The columns that are read of an artist's row.
    static let columns = [
        "artist.id", "artist.name", "artist.tracks", "artist.favourite", "artist.rating", "artist.uses",
        """
        (
            SELECT count(*) FROM albumCredit WHERE albumCredit.artist = artist.id AND albumCredit.isOwn = 1
                AND EXISTS (SELECT 1 FROM album WHERE album.id = albumCredit.album AND album.tracks > 0)
        )
        """
    ]

    /// Whether the artist of a row has tracks or albums.
    static func isListed(_ row: Row) -> Bool { row[5] > 0 }

    /// - Parameter row: begins with ``columns``.
    init(row: Row) {
        self.init(id: row[0], name: row[1], albums: row[6], tracks: row[2], marks: Marks(stored: row[3], rating: row[4]))
    }
}

extension Marks {
    /// - Parameter favourite: 0 if it is not a favourite.
    init(stored favourite: Int, rating: Int) { self.init(favourite: favourite > 0 ? favourite : nil, rating: rating) }
}
