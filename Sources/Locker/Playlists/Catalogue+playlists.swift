public import Audio

extension Catalogue {
    /// One page of the account's playlists, by name.
    ///
    /// - Throws: ``CatalogueError/badCursor``.
    public func playlists(account: Int64, after: String? = nil, limit: Int = 100) async throws -> Page<Playlist> {
        var page = try await page(of: Self.playlistListing, [account], after: after, limit: limit, Playlist.init(row:))
        for place in page.items.indices where page.items[place].rules != nil {
            do {
                page.items[place] = try await evaluated(page.items[place], account: account)
            } catch CatalogueError.tookTooLong {
                // The list of all playlists does not fail for one of them.
            }
        }
        return page
    }

    /// - Throws: ``CatalogueError/tookTooLong``.
    public func playlist(id: String, account: Int64) async throws -> Playlist? {
        guard let playlist = try await storedPlaylist(id: id, account: account) else { return nil }
        return try await evaluated(playlist, account: account)
    }

    /// The playlist; if it is a smart one, without its tracks of now.
    func storedPlaylist(id: String, account: Int64) async throws -> Playlist? {
        try await database.read { try Self.playlist(id: id, account: account, $0) }
    }

    /// One page of a playlist's tracks, in its order; nil if the account has no such playlist. All pages of a smart playlist are
    /// of the tracks that it had when the first was read, for as long as these are remembered.
    ///
    /// - Parameter place: How many tracks come before the page; see ``Page/total``.
    /// - Throws: ``CatalogueError/badCursor``, ``CatalogueError/tookTooLong``.
    public func tracks(
        ofPlaylist id: String, account: Int64, after: String? = nil, at place: Int? = nil, limit: Int = 100
    ) async throws -> Page<Track>? {
        guard let playlist = try await storedPlaylist(id: id, account: account) else { return nil }
        if playlist.rules != nil {
            return try await tracks(ofSmart: playlist, account: account, after: after, at: place, limit: limit)
        }
        return try await page(of: Self.playlistTrackListing, [id], after: after, at: place, limit: limit, Track.init(row:))
    }

    /// Makes a playlist.
    ///
    /// - Parameters:
    ///   - tracks: ids, at most ``Playlist/mostTracks``; one may come more than once.
    ///   - most: Playlists that the account may have; nil for any number.
    /// - Throws: ``CatalogueError/noSuchTrack``, ``CatalogueError/tooManyPlaylists``.
    public func addPlaylist(
        named name: String, tracks: [String], account: Int64, ofAtMost most: Int? = nil
    ) async throws -> Playlist {
        let now = now()
        return try await change(.playlists, of: account) { db in
            try Self.requireRoom(ofAtMost: most, account: account, db)
            return try Self.addPlaylist(named: name, tracks: tracks, account: account, now: now, db)
        }
    }

    /// - Throws: ``CatalogueError/tooManyPlaylists``.
    static func requireRoom(ofAtMost most: Int?, account: Int64, _ db: any Connection) throws {
        guard let most else { return }
        let isFull =
            try most <= 0 || db.exists("SELECT 1 FROM playlist WHERE account = ? LIMIT 1 OFFSET ?", [account, most - 1])
        if isFull { throw CatalogueError.tooManyPlaylists }
    }

    static func addPlaylist(
        named name: String, tracks: [String], account: Int64, now: Int, _ db: any Connection
    ) throws -> Playlist {
        let id = Identifier.random()
        try db.insert(
            into: "playlist",
            [
                ("id", id), ("account", account), ("name", name), ("nameOrder", Track.order(of: name)), ("created", now),
                ("changed", now)
            ])
        try set(tracks, ofPlaylist: id, account: account, db)
        return try requirePlaylist(id, account, db)
    }

    /// Gives a playlist another name, other tracks, or both. Returns nil if the account has no such playlist.
    ///
    /// - Parameter precondition: Given the playlist that would be changed, in the transaction that changes it.
    /// - Throws: ``CatalogueError/noSuchTrack``, ``CatalogueError/followsRules`` for tracks of a smart playlist, and what
    ///   `precondition` throws; then nothing is changed.
    public func changePlaylist(
        id: String, name: String?, tracks: [String]?, account: Int64,
        if precondition: (@Sendable (Playlist) throws -> Void)? = nil
    ) async throws -> Playlist? {
        let now = now()
        return try await change(.playlists, of: account) { db in
            if let precondition, let former = try Self.playlist(id: id, account: account, db) { try precondition(former) }
            return try Self.changePlaylist(id: id, name: name, tracks: tracks, account: account, now: now, db)
        }
    }

    static func changePlaylist(
        id: String, name: String?, tracks: [String]?, account: Int64, now: Int, _ db: any Connection
    ) throws -> Playlist? {
        guard let playlist = try playlist(id: id, account: account, db) else { return nil }
        if tracks != nil, playlist.rules != nil { throw CatalogueError.followsRules }
        let name = name ?? playlist.name
        try db.update(
            "playlist", [("name", name), ("nameOrder", Track.order(of: name)), ("changed", now)], where: [("id", id)])
        if let tracks { try set(tracks, ofPlaylist: id, account: account, db) }
        return try requirePlaylist(id, account, db)
    }

    /// Removes a playlist, and with it its shares. Returns false if the account has no such playlist.
    public func removePlaylist(id: String, account: Int64) async throws -> Bool {
        try await change(.playlists, .freeing, .tracksRemoved, of: account) { db in
            try db.changes(by: "DELETE FROM playlist WHERE id = ? AND account = ?", [id, account]) > 0
        }
    }

    /// The ids of the account's tracks of these Originals, by hash.
    public func tracks(ofOriginals hashes: [OriginalHash], account: Int64) async throws -> [OriginalHash: String] {
        try await database.read { db in
            var found: [OriginalHash: String] = [:]
            for hash in hashes {
                found[hash] = try db.value("SELECT id FROM track WHERE sha256 = ? AND account = ?", [hash, account])
            }
            return found
        }
    }

    private static func set(_ tracks: [String], ofPlaylist id: String, account: Int64, _ db: any Connection) throws {
        try db.run("DELETE FROM playlistTrack WHERE playlist = ?", [id])
        try insert(tracks, into: "playlistTrack", ("playlist", id), account: account, db)
    }

    static func playlist(id: String, account: Int64, _ db: any Connection) throws -> Playlist? {
        try db.first(
            "SELECT \(Playlist.columns.joined(separator: ", ")) FROM playlist WHERE id = ? AND account = ?", [id, account],
            Playlist.init(row:))
    }

    static func requirePlaylist(_ id: String, _ account: Int64, _ db: any Connection) throws -> Playlist {
        guard let playlist = try playlist(id: id, account: account, db) else { throw CatalogueError.corrupt("playlist") }
        return playlist
    }

    static let playlistListing = Listing(
        name: "playlists", selection: Playlist.columns, source: "playlist", condition: "account = ?", columns: ["nameOrder", "id"]
    )

    static let playlistTrackListing = Listing(
        name: "playlist", selection: Track.columns, source: "playlistTrack JOIN track ON track.id = playlistTrack.track",
        keys: "playlistTrack", condition: "playlistTrack.playlist = ?", columns: ["playlistTrack.position"],
        total: "SELECT tracks FROM playlist WHERE id = ?")
}
