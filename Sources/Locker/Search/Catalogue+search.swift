extension Catalogue {
    /// Finds the account's artists, albums and tracks by their names. Each word of `text` has to begin a word of the names;
    /// in scripts without spaces it may be any part of them. Case and accents do not count. Items whose own names begin with
    /// the words come first, then items with the words in their own names, then items with the words in the names of their
    /// artists or albums.
    ///
    /// - Parameters:
    ///   - text: a single letter of a script with spaces finds nothing. At most eight words count.
    ///   - limit: how many artists, albums and tracks to return at most, each; clamped to 1...100.
    public func search(_ text: String, account: Int64, limit: Int = 20) async throws -> SearchResult {
        let limit = min(max(1, limit), 100)
        guard let text = SearchText.query(text) else { return SearchResult(artists: [], albums: [], tracks: []) }
        return try await database.read { db in
            func items(_ kind: String) throws -> [String] {
                try Self.items(text, owner: "\(kind)\(account)", limit: limit, db)
            }
            func rows<Item>(_ listing: Listing, _ ids: [String], _ item: (Row) throws -> Item?) throws -> [Item] {
                let statement = listing.statement(continued: false)
                return try ids.compactMap { id in try db.first(statement, [id, account, 1], item) ?? nil }
            }
            let albums = try rows(.oneAlbum, try items("l"), Album.Found.init(row:)).filter { $0.album.tracks > 0 }
            return SearchResult(
                artists: try rows(.oneArtist, try items("r")) { Artist.isListed($0) ? Artist(row: $0) : nil },
                albums: try Self.withCovers(Page(items: albums), account, db).items,
                tracks: try rows(.oneTrack, try items("t"), Track.init(row:)))
        }
    }

    static func items(_ text: SearchText, owner: String, limit: Int, _ db: any Connection) throws -> [String] {
        func find(_ place: SearchPlace, limit: Int) throws -> [(item: String, main: String)] {
            try db.all(db.dialect.search, [db.dialect.query(text, in: place, owner: owner), limit]) { ($0[0], $0[1]) }
        }
        // If few are found, these are all, and they are put in order here: each further query costs as much as the first.
        let most = 5 * limit
        let found = try find(.anyName, limit: most)
        if found.count < most {
            let ranked = found.map { (item: $0.item, rank: text.rank(of: $0.main)) }
            return (0...2).flatMap { rank in ranked.filter { $0.rank == rank }.map(\.item) }.prefix(limit).map { $0 }
        }
        var items: [String] = []
        for place in [SearchPlace.beginningOfOwnName, .ownName] where items.count < limit {
            for (item, _) in try find(place, limit: limit) where !items.contains(item) { items.append(item) }
        }
        for (item, _) in found where items.count < limit && !items.contains(item) { items.append(item) }
        return Array(items.prefix(limit))
    }

    /// Makes a track searchable by its title and, ranked lower, by the names of its artist, album and album artist.
    static func setSearch(of track: Track, _ db: any Connection) throws {
        try setSearch(
            "t", item: track.id, account: track.account, main: track.title,
            more: [track.artist, track.album, track.albumArtist], db)
    }

    /// Makes an item searchable.
    ///
    /// - Parameters:
    ///   - kind: `t` for a track, `l` for an album, `r` for an artist.
    ///   - main: its own name. An item without a name is not searchable.
    ///   - more: other names it is found by.
    static func setSearch(
        _ kind: String, item: String, account: Int64, main: String, more: [String], _ db: any Connection
    ) throws {
        guard !main.isEmpty else { return }
        try db.run(
            """
            INSERT INTO searchEntry (owner, item, main, more) VALUES (?, ?, ?, ?)
            ON CONFLICT (item) DO UPDATE SET main = excluded.main, more = excluded.more
            WHERE searchEntry.main <> excluded.main OR searchEntry.more <> excluded.more
            """, ["\(kind)\(account)", item, SearchText.indexed(main), SearchText.indexed(more)])
    }
}
