internal import Audio

extension Catalogue {
    /// One page of some of the account's tracks; empty if there is no such album, artist or genre.
    ///
    /// - Parameters:
    ///   - after: A page's `next`, with the same `filter`.
    ///   - place: How many tracks come before the page; see ``Page/total``. The same for all lists here.
    ///   - limit: Clamped to 1...500.
    /// - Throws: ``CatalogueError/badCursor``.
    public func tracks(
        account: Int64, _ filter: TrackFilter, after: String? = nil, at place: Int? = nil, limit: Int = 100
    ) async throws -> Page<Track> {
        switch filter {
        case .album(let id):
            try await page(of: .tracksOfAlbum, [id, account], after: after, at: place, limit: limit, Track.init(row:))
        case .artist(let id):
            try await page(of: .tracksOfArtist, [id, account], after: after, at: place, limit: limit, Track.init(row:))
        case .genre(let name):
            try await page(
                of: .tracksOfGenre, [Track.order(of: name), account], after: after, at: place, limit: limit, Track.init(row:))
        case .favourites:
            try await page(of: .favouriteTracks, [account], after: after, at: place, limit: limit, Track.init(row:))
        }
    }

    /// One page of the account's albums.
    ///
    /// - Throws: ``CatalogueError/badCursor``.
    public func albums(
        account: Int64, sort: AlbumSort, after: String? = nil, at place: Int? = nil, limit: Int = 100
    ) async throws -> Page<Album> {
        try await withCovers(
            page(of: sort.listing, [account], after: after, at: place, limit: limit, Album.Found.init(row:)), account)
    }

    /// One page of an artist's albums, the oldest first.
    public func albums(
        account: Int64, ofArtist id: String, after: String? = nil, at place: Int? = nil, limit: Int = 100
    ) async throws -> Page<Album> {
        try await withCovers(
            page(of: .albumsOfArtist, [id, account], after: after, at: place, limit: limit, Album.Found.init(row:)), account)
    }

    /// One page of other artists' albums that have tracks by this artist, the oldest first.
    public func albums(
        account: Int64, withArtist id: String, after: String? = nil, at place: Int? = nil, limit: Int = 100
    ) async throws -> Page<Album> {
        try await withCovers(
            page(of: .appearances, [id, account], after: after, at: place, limit: limit, Album.Found.init(row:)), account)
    }

    /// One page of the favourite albums, the latest first.
    public func favouriteAlbums(account: Int64, after: String? = nil, at place: Int? = nil, limit: Int = 100) async throws
        -> Page<Album>
    {
        try await withCovers(
            page(of: .favouriteAlbums, [account], after: after, at: place, limit: limit, Album.Found.init(row:)), account)
    }

    /// The account's album with this id, if it has tracks.
    public func album(id: String, account: Int64) async throws -> Album? {
        let page = try await page(of: .oneAlbum, [id, account], after: nil, limit: 1, Album.Found.init(row:))
        return try await withCovers(page, account).items.first.flatMap { $0.tracks > 0 ? $0 : nil }
    }

    /// The loudness of an album's tracks together; nil if none is measured, or if the account has no such album.
    public func loudness(ofAlbum id: String, account: Int64) async throws -> AlbumLoudness? {
        try await database.read { try Self.loudness(ofAlbum: id, account: account, $0) }
    }

    static func loudness(ofAlbum id: String, account: Int64, _ db: any Connection) throws -> AlbumLoudness? {
        let tracks = try db.all(
            """
            SELECT samples, sampleRate, loudness, truePeak FROM track
            WHERE albumId = (SELECT id FROM album WHERE id = ? AND account = ?)
                AND loudness IS NOT NULL AND truePeak IS NOT NULL
            """, [id, account]
        ) { row in
            (
                loudness: SoundMeasures.Loudness(integrated: row[2], truePeak: row[3], range: 0),
                seconds: Double(row[0] as Int) / Double(row[1] as Int)
            )
        }
        return AlbumLoudness(of: tracks)
    }

    /// One page of the account's artists, by name.
    public func artists(account: Int64, after: String? = nil, at place: Int? = nil, limit: Int = 100) async throws -> Page<Artist>
    {
        try await page(of: .artists, [account], after: after, at: place, limit: limit) { Artist(row: $0) }
    }

    public func favouriteArtists(account: Int64, after: String? = nil, at place: Int? = nil, limit: Int = 100) async throws
        -> Page<Artist>
    {
        try await page(of: .favouriteArtists, [account], after: after, at: place, limit: limit) { Artist(row: $0) }
    }

    /// The account's artist with this id, if it has a name, and tracks or albums.
    public func artist(id: String, account: Int64) async throws -> Artist? {
        let page = try await page(of: .oneArtist, [id, account], after: nil, limit: 1) { row in
            Artist.isListed(row) && row[1] != "" ? Artist(row: row) : nil
        }
        return page.items.first ?? nil
    }

    /// One page of the account's genres, by name.
    public func genres(account: Int64, after: String? = nil, at place: Int? = nil, limit: Int = 100) async throws -> Page<Genre> {
        try await page(of: .genres, [account], after: after, at: place, limit: limit) { Genre(name: $0[0], tracks: $0[1]) }
    }

    /// The albums with the tracks that their covers come from.
    func withCovers(_ page: Page<Album.Found>, _ account: Int64) async throws -> Page<Album> {
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
