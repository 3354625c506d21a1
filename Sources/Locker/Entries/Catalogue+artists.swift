extension Catalogue {
    /// Some of the account's artists, by name. The artist of the tracks that name none comes last.
    public func artistEntries(account: Int64, at place: Int = 0, limit: Int = .max) async throws -> [ArtistEntry] {
        let listing = Listing.artists.reading(ArtistEntry.columns)
        var found = try await items(
            of: listing, [account], at: place, limit: limit, { ArtistEntry(row: $0) }, completing: Self.countAlbums(account))
        guard found.count < limit, limit > 0 else { return found }
        if place > 0, found.isEmpty {
            let total = try await database.read { try listing.total([account], $0) }
            if place > total { return [] }
        }
        found += try await items(
            of: .unnamedArtist, [account], limit: 1, { ArtistEntry(row: $0) }, completing: Self.countAlbums(account))
        return found
    }

    public func favouriteArtistEntries(account: Int64) async throws -> [ArtistEntry] {
        try await listed(.favouriteArtistEntries, [account], account, limit: .max)
    }

    /// The account's artist with this id, if it has tracks or albums.
    public func artistEntry(id: String, account: Int64) async throws -> ArtistEntry? {
        try await listed(.oneArtist, [id, account], account, limit: 1).first
    }

    private func listed(
        _ listing: Listing, _ arguments: [any Bindable], _ account: Int64, limit: Int
    ) async throws -> [ArtistEntry] {
        let found = try await items(of: listing.reading(ArtistEntry.columns), arguments, limit: limit) { row in
            Artist.isListed(row) ? ArtistEntry(row: row) : nil
        }
        return try await database.read { db in
            var artists = found.compactMap(\.self)
            try Self.countAlbums(account)(&artists, db)
            return artists
        }
    }

    /// Makes artists' numbers of albums those of ``albumEntries(ofArtist:account:)``.
    static func countAlbums(
        _ account: Int64
    ) -> @Sendable (inout [ArtistEntry], any Connection) throws -> Void {
        { artists, db in
            guard !artists.isEmpty else { return }
            let unnamed: [String] = try db.values(
                """
                SELECT artistId FROM album
                WHERE account = ? AND name = '' AND EXISTS (SELECT 1 FROM track WHERE track.albumId = album.id)
                """, [account])
            let withUnnamed = Set(unnamed)
            for place in artists.indices {
                let id = artists[place].artist.id
                if withUnnamed.contains(id) { artists[place].artist.albums += 1 }
                if artists[place].artist.albums == 0 {
                    artists[place].artist.albums = try Listing.appearances.total([id, account], db)
                }
            }
        }
    }

    /// The account's artist with this name, as the tags have it or compared as lists are ordered.
    public func artistID(named name: String, account: Int64) async throws -> String? {
        try await database.read { db in
            let exact: String? = try db.value("SELECT id FROM artist WHERE account = ? AND name = ?", [account, name])
            if let exact { return exact }
            return try db.value(
                "SELECT id FROM artist WHERE account = ? AND nameOrder = ? AND uses > 0 AND name <> '' LIMIT 1",
                [account, Track.order(of: name)])
        }
    }

    /// Artists whose albums have the genres of this artist's, those with most such albums first.
    public func similarArtists(to id: String, account: Int64, limit: Int) async throws -> [ArtistEntry] {
        guard limit > 0 else { return [] }
        let ids: [String] = try await database.read { db in
            let genres: [Int] = try db.values(
                """
                SELECT albumGenre.genre FROM albumCredit JOIN albumGenre ON albumGenre.album = albumCredit.album
                WHERE albumCredit.artist = (SELECT id FROM artist WHERE id = ? AND account = ?)
                GROUP BY albumGenre.genre ORDER BY count(*) DESC, albumGenre.genre LIMIT 3
                """, [id, account])
            var counts: [String: Int] = [:]
            for genre in genres {
                try db.rows(
                    """
                    SELECT albumCredit.artist, count(*) FROM albumGenre
                    JOIN albumCredit ON albumCredit.album = albumGenre.album AND albumCredit.isOwn = 1
                    WHERE albumGenre.genre = ? GROUP BY albumCredit.artist ORDER BY count(*) DESC, albumCredit.artist LIMIT ?
                    """, [genre, limit + 1]
                ) { row in
                    counts[row[0], default: 0] += row[1] as Int
                    return true
                }
            }
            counts[id] = nil
            return counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(limit).map(\.key)
        }
        return try await database.read { db in
            let statement = Listing.oneArtist.reading(ArtistEntry.columns).statement(continued: false)
            var artists = try ids.compactMap { id in
                try db.first(statement, [id, account, 1]) { Artist.isListed($0) ? ArtistEntry(row: $0) : nil } ?? nil
            }.filter { !$0.artist.name.isEmpty }
            try Self.countAlbums(account)(&artists, db)
            return artists
        }
    }

    /// The account's genres by name, each with the numbers of its tracks and of the albums that these are on.
    public func genreEntries(account: Int64) async throws -> [(genre: Genre, albums: Int)] {
        let listing = Listing.genres.reading([
            "name", "tracks", "(SELECT count(*) FROM albumGenre WHERE albumGenre.genre = genre.id)"
        ])
        return try await items(of: listing, [account]) { (Genre(name: $0[0], tracks: $0[1]), $0[2]) }
    }

    /// When the account's library last changed, in milliseconds since 1970.
    public func libraryChanged(account: Int64) async throws -> Int {
        try await database.read { try $0.value("SELECT libraryChanged FROM account WHERE id = ?", [account]) ?? 0 }
    }

    /// Notes a change of the library in the transaction that makes it: its time, which is later than that of the change before.
    ///
    /// - Parameter account: nil for all accounts.
    static func noteLibraryChange(of account: Int64?, at now: Int, _ db: any Connection) throws {
        let later = "UPDATE account SET libraryChanged = CASE WHEN libraryChanged < ? THEN ? ELSE libraryChanged + 1 END"
        if let account {
            try db.run("\(later) WHERE id = ?", [now, now, account])
        } else {
            try db.run(later, [now, now])
        }
    }
}
