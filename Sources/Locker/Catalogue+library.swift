/// The orders a list of albums can be had in. The raw values are those of the `sort` parameter.
public enum AlbumSort: String, Sendable, CaseIterable {
    case name
    /// By album artist, then year.
    case artist
    case year
    /// Those with the latest track first.
    case newest = "-added"

    var listing: Listing {
        let columns =
            switch self {
            case .name: ["album.nameOrder", "album.id"]
            case .artist: ["album.artistOrder", "album.year", "album.nameOrder", "album.id"]
            case .year: ["album.year", "album.nameOrder", "album.id"]
            case .newest: ["album.added", "album.id"]
            }
        return .albums(
            "albums \(rawValue)", condition: "album.account = ? AND album.tracks > 0", by: columns, isDescending: self == .newest)
    }
}

/// Which tracks a list has, besides all of them.
public enum TrackFilter: Sendable, Hashable {
    /// Those of an album, by disc and track number.
    case album(String)
    /// Those an artist is one of the artists of, by album, disc and track number.
    case artist(String)
    /// By title.
    case genre(String)
    /// The latest favourite first.
    case favourites
}

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
    /// An artist of an account: said of neither the albums nor the tracks, it leaves one way to read them, by the artist's credits.
    private static let ownArtist = "(SELECT id FROM artist WHERE id = ? AND account = ?)"
    private static func albums(of name: String, isOwn: Bool) -> Listing {
        albums(
            name, source: "albumCredit JOIN album ON album.id = albumCredit.album",
            condition: "albumCredit.artist = \(ownArtist) AND albumCredit.isOwn = \(isOwn ? 1 : 0) AND album.tracks > 0",
            by: ["albumCredit.year", "albumCredit.nameOrder", "albumCredit.album"])
    }
    static let favouriteAlbums = albums(
        "favourite albums", condition: "album.account = ? AND album.favourite > 0", by: ["album.favourite", "album.id"],
        isDescending: true)
    static let oneAlbum = albums("album", condition: "album.id = ? AND album.account = ?", by: ["album.id"])

    static let oneTrack = Listing(
        name: "track", selection: Track.columns, source: "track", condition: "id = ? AND account = ?", columns: ["id"])

    static let artists = Listing(
        name: "artists", selection: Artist.columns, source: "artist",
        condition: "account = ? AND uses > 0 AND name <> ''", columns: ["nameOrder", "id"])
    static let favouriteArtists = Listing(
        name: "favourite artists", selection: Artist.columns, source: "artist", condition: "account = ? AND favourite > 0",
        columns: ["favourite", "id"], isDescending: true)
    static let oneArtist = Listing(
        name: "artist", selection: Artist.columns, source: "artist", condition: "id = ? AND account = ?", columns: ["id"])

    static let genres = Listing(
        name: "genres", selection: ["name", "tracks"], source: "genre", condition: "account = ? AND tracks > 0",
        columns: ["nameOrder"])

    static let tracksOfAlbum = Listing(
        name: "tracks of album", selection: Track.columns, source: "track", condition: "albumId = ? AND account = ?",
        columns: ["disc", "track", "id"])
    static let tracksOfArtist = Listing(
        name: "tracks of artist", selection: Track.columns, source: "credit JOIN track ON track.id = credit.track",
        condition: "credit.artist = \(ownArtist) AND credit.isOfAlbum = 0",
        columns: ["credit.albumOrder", "credit.disc", "credit.number", "credit.track"])
    static let tracksOfGenre = Listing(
        name: "tracks of genre", selection: Track.columns, source: "trackGenre JOIN track ON track.id = trackGenre.track",
        condition: "trackGenre.genre = (SELECT id FROM genre WHERE nameOrder = ? AND account = ?)",
        columns: ["trackGenre.titleOrder", "trackGenre.track"])
    static let favouriteTracks = Listing(
        name: "favourite tracks", selection: Track.columns, source: "track", condition: "account = ? AND favourite > 0",
        columns: ["favourite", "id"], isDescending: true)
}

extension Catalogue {
    /// One page of some of the account's tracks; empty where there is no such album, artist or genre.
    ///
    /// - Throws: ``CatalogueError/badCursor``.
    public func tracks(
        account: Int64, _ filter: TrackFilter, after: String? = nil, limit: Int = 100
    ) async throws -> Page<Track> {
        switch filter {
        case .album(let id):
            try await page(of: .tracksOfAlbum, [id, account], after: after, limit: limit, Track.init(row:))
        case .artist(let id):
            try await page(of: .tracksOfArtist, [id, account], after: after, limit: limit, Track.init(row:))
        case .genre(let name):
            try await page(of: .tracksOfGenre, [Track.order(of: name), account], after: after, limit: limit, Track.init(row:))
        case .favourites:
            try await page(of: .favouriteTracks, [account], after: after, limit: limit, Track.init(row:))
        }
    }

    /// One page of the account's albums.
    ///
    /// - Throws: ``CatalogueError/badCursor``.
    public func albums(
        account: Int64, sort: AlbumSort, after: String? = nil, limit: Int = 100
    ) async throws -> Page<Album> {
        try await withCovers(page(of: sort.listing, [account], after: after, limit: limit, Album.Found.init(row:)), account)
    }

    /// One page of an artist's albums, the oldest first.
    public func albums(
        account: Int64, ofArtist id: String, after: String? = nil, limit: Int = 100
    ) async throws -> Page<Album> {
        try await withCovers(
            page(of: .albumsOfArtist, [id, account], after: after, limit: limit, Album.Found.init(row:)), account)
    }

    /// One page of the albums of others that have tracks by an artist, the oldest first.
    public func albums(
        account: Int64, withArtist id: String, after: String? = nil, limit: Int = 100
    ) async throws -> Page<Album> {
        try await withCovers(page(of: .appearances, [id, account], after: after, limit: limit, Album.Found.init(row:)), account)
    }

    /// One page of the favourite albums, the latest first.
    public func favouriteAlbums(account: Int64, after: String? = nil, limit: Int = 100) async throws -> Page<Album> {
        try await withCovers(page(of: .favouriteAlbums, [account], after: after, limit: limit, Album.Found.init(row:)), account)
    }

    /// The account's album with this id, if it has tracks.
    public func album(id: String, account: Int64) async throws -> Album? {
        let page = try await page(of: .oneAlbum, [id, account], after: nil, limit: 1, Album.Found.init(row:))
        return try await withCovers(page, account).items.first.flatMap { $0.tracks > 0 ? $0 : nil }
    }

    /// One page of the account's artists, by name.
    public func artists(account: Int64, after: String? = nil, limit: Int = 100) async throws -> Page<Artist> {
        try await page(of: .artists, [account], after: after, limit: limit) { Artist(row: $0) }
    }

    public func favouriteArtists(account: Int64, after: String? = nil, limit: Int = 100) async throws -> Page<Artist> {
        try await page(of: .favouriteArtists, [account], after: after, limit: limit) { Artist(row: $0) }
    }

    /// The account's artist with this id, if it has tracks or albums.
    public func artist(id: String, account: Int64) async throws -> Artist? {
        let page = try await page(of: .oneArtist, [id, account], after: nil, limit: 1) { row in
            Artist.isListed(row) && row[1] != "" ? Artist(row: row) : nil
        }
        return page.items.first ?? nil
    }

    /// One page of the account's genres, by name.
    public func genres(account: Int64, after: String? = nil, limit: Int = 100) async throws -> Page<Genre> {
        try await page(of: .genres, [account], after: after, limit: limit) { Genre(name: $0[0], tracks: $0[1]) }
    }

    /// The albums with the tracks whose covers are theirs.
    private func withCovers(_ page: Page<Album.Found>, _ account: Int64) async throws -> Page<Album> {
        guard page.items.contains(where: { $0.cover != nil }) else { return page.with(page.items.map(\.album)) }
        return try await database.read { try Self.withCovers(page, account, $0) }
    }

    static func withCovers(_ page: Page<Album.Found>, _ account: Int64, _ db: any Connection) throws -> Page<Album> {
        let statement = Listing.oneTrack.statement(continued: false)
        return page.with(
            try page.items.map { found in
                var album = found.album
                if let id = found.cover {
                    album.cover = try db.first(statement, [id, account, 1], Track.init(row:))
                }
                return album
            })
    }
}

extension Page {
    /// Others in its items' place.
    func with<Other>(_ others: [Other]) -> Page<Other> { Page<Other>(items: others, next: next) }
}

extension Album {
    /// An album whose cover's track is yet to be read.
    struct Found: Sendable {
        var album: Album
        var cover: String?

        /// What is read of an album's row.
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
    /// What is read of an artist's row.
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
    /// - Parameter favourite: 0 where it is none.
    init(stored favourite: Int, rating: Int) { self.init(favourite: favourite > 0 ? favourite : nil, rating: rating) }
}
