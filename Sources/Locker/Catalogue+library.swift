internal import GRDB

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
            selection: """
                album.*, (
                    SELECT track.id FROM track WHERE track.albumId = album.id AND track.art IS NOT NULL
                    ORDER BY track.disc, track.track LIMIT 1
                ) AS cover
                """,
            source: source, condition: condition, columns: columns, isDescending: isDescending)
    }

    static let albumsOfArtist = albums(of: "albums of artist", isOwn: true)
    static let appearances = albums(of: "appearances", isOwn: false)
    private static func albums(of name: String, isOwn: Bool) -> Listing {
        albums(
            name, source: "albumCredit CROSS JOIN album ON album.id = albumCredit.album",
            condition: """
                albumCredit.artist = ? AND albumCredit.isOwn = \(isOwn ? 1 : 0) AND album.tracks > 0 AND album.account = ?
                """,
            by: ["albumCredit.year", "albumCredit.nameOrder", "albumCredit.album"])
    }
    static let favouriteAlbums = albums(
        "favourite albums", condition: "album.account = ? AND album.favourite > 0", by: ["album.favourite", "album.id"],
        isDescending: true)
    static let oneAlbum = albums("album", condition: "album.id = ? AND album.account = ?", by: ["album.id"])

    static let oneTrack = Listing(
        name: "track", selection: Track.selection, source: "track", condition: "id = ? AND account = ?", columns: ["id"])

    private static let artistSelection = """
        artist.*, (
            SELECT count(*) FROM albumCredit CROSS JOIN album ON album.id = albumCredit.album
            WHERE albumCredit.artist = artist.id AND albumCredit.isOwn = 1 AND album.tracks > 0
        ) AS albums
        """
    static let artists = Listing(
        name: "artists", selection: artistSelection, source: "artist",
        condition: "account = ? AND uses > 0 AND name <> ''", columns: ["nameOrder", "id"])
    static let favouriteArtists = Listing(
        name: "favourite artists", selection: artistSelection, source: "artist", condition: "account = ? AND favourite > 0",
        columns: ["favourite", "id"], isDescending: true)
    static let oneArtist = Listing(
        name: "artist", selection: artistSelection, source: "artist", condition: "id = ? AND account = ?", columns: ["id"])

    static let genres = Listing(
        name: "genres", selection: "genre.*", source: "genre", condition: "account = ? AND tracks > 0", columns: ["nameOrder"])

    static let tracksOfAlbum = Listing(
        name: "tracks of album", selection: Track.selection, source: "track", condition: "albumId = ? AND account = ?",
        columns: ["disc", "track", "id"])
    static let tracksOfArtist = Listing(
        name: "tracks of artist", selection: Track.selection, source: "credit CROSS JOIN track ON track.id = credit.track",
        condition: "credit.artist = ? AND credit.isOfAlbum = 0 AND track.account = ?",
        columns: ["credit.albumOrder", "credit.disc", "credit.number", "credit.track"])
    static let tracksOfGenre = Listing(
        name: "tracks of genre", selection: Track.selection, source: "trackGenre CROSS JOIN track ON track.id = trackGenre.track",
        condition: "trackGenre.genre = (SELECT id FROM genre WHERE nameOrder = ? AND account = ?)",
        columns: ["trackGenre.titleOrder", "trackGenre.track"])
    static let favouriteTracks = Listing(
        name: "favourite tracks", selection: Track.selection, source: "track", condition: "account = ? AND favourite > 0",
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
            row["uses"] > 0 && row["name"] != "" ? Artist(row: row) : nil
        }
        return page.items.first ?? nil
    }

    /// One page of the account's genres, by name.
    public func genres(account: Int64, after: String? = nil, limit: Int = 100) async throws -> Page<Genre> {
        try await page(of: .genres, [account], after: after, limit: limit) { Genre(name: $0["name"], tracks: $0["tracks"]) }
    }

    /// The albums with the tracks whose covers are theirs.
    private func withCovers(_ page: Page<Album.Found>, _ account: Int64) async throws -> Page<Album> {
        guard page.items.contains(where: { $0.cover != nil }) else { return page.with(page.items.map(\.album)) }
        return try await pool.read { try Self.withCovers(page, account, $0) }
    }

    static func withCovers(_ page: Page<Album.Found>, _ account: Int64, _ db: Database) throws -> Page<Album> {
        let statement = try db.cachedStatement(sql: Listing.oneTrack.statement(continued: false))
        return page.with(
            try page.items.map { found in
                var album = found.album
                if let id = found.cover {
                    album.cover = try Row.fetchOne(statement, arguments: [id, account, 1]).map(Track.init(row:))
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

        init(row: Row) {
            album = Album(
                id: row["id"], name: row["name"], artist: row["artist"], artistID: row["artistId"],
                artists: [Credit](stored: row["artists"]), tracks: row["tracks"],
                duration: Double(row["microseconds"] as Int) / 1_000_000, year: row["year"], added: row["added"],
                isCompilation: row["isCompilation"], cover: nil, marks: Marks(row: row))
            cover = row["cover"]
        }
    }
}

extension Artist {
    init(row: Row) {
        self.init(id: row["id"], name: row["name"], albums: row["albums"], tracks: row["tracks"], marks: Marks(row: row))
    }
}

extension Marks {
    init(row: Row) { self.init(stored: row["favourite"], rating: row["rating"]) }

    /// - Parameter favourite: 0 where it is none.
    init(stored favourite: Int, rating: Int) { self.init(favourite: favourite > 0 ? favourite : nil, rating: rating) }
}
