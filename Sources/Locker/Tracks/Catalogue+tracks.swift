public import Audio

extension Catalogue {
    /// The account's track with this id; nil also if the id is another account's.
    public func track(id: String, account: Int64) async throws -> Track? {
        try await database.read { try Track.one(id, account: account, $0) }
    }

    /// One page of the account's tracks.
    ///
    /// - Parameters:
    ///   - after: A page's `next`, with the same `sort`.
    ///   - place: How many tracks come before the page; see ``Page/total``.
    ///   - limit: Clamped to 1...500.
    /// - Throws: ``CatalogueError/badCursor``.
    public func tracks(
        account: Int64, sort: TrackSort, after: String? = nil, at place: Int? = nil, limit: Int = 100
    ) async throws -> Page<Track> {
        try await page(of: sort.listing, [account], after: after, at: place, limit: limit, Track.init(row:))
    }

    /// The lyrics of the account's track with this id.
    public func lyrics(of id: String, account: Int64) async throws -> TrackTags.Lyrics? {
        try await database.read { db in
            try db.first(
                """
                SELECT lyrics.text, lyrics.isSynchronised FROM track JOIN lyrics ON lyrics.track = track.id
                WHERE track.id = ? AND track.account = ?
                """, [id, account]
            ) { TrackTags.Lyrics(text: $0[0], isSynchronised: $0[1]) }
        }
    }

    public func count(account: Int64) async throws -> Int {
        try await database.read { db in
            try db.value("SELECT tracks FROM account WHERE id = ?", [account]) ?? 0
        }
    }

    /// Removes the track's row and returns what it held. The files stay: see ``released(before:limit:)``. For a while the track can
    /// be put back: see ``restore(id:account:deletedSince:quota:)``.
    public func remove(id: String, account: Int64) async throws -> Track? {
        do {
            return try await remove(id, account: account, isKept: true)
        } catch CatalogueError.noRoom {
            // What is kept takes space, and on a full disk a deletion has to give some.
            return try await remove(id, account: account, isKept: false)
        }
    }

    private func remove(_ id: String, account: Int64, isKept: Bool) async throws -> Track? {
        let now = now()
        return try await change(.ofTracks, isKept ? .keeping : .freeing, .tracksRemoved, of: account) { db in
            guard let track = try Track.one(id, account: account, db) else { return nil }
            try Self.delete(track, isKept: isKept, at: now, db)
            try Self.release(track.stored, at: now, db)
            return track
        }
    }

    /// Whether the account has a track of this Original.
    public func has(_ hash: OriginalHash, account: Int64) async throws -> Bool {
        try await tracks(ofOriginals: [hash], account: account)[hash] != nil
    }

    /// Whether a track in any account has this Original, or this picture as its cover.
    public func isReferenced(_ hash: OriginalHash) async throws -> Bool {
        try await database.read { try Self.isReferenced(hash, $0) }
    }

    static func isReferenced(_ hash: OriginalHash, _ db: any Connection) throws -> Bool {
        try ["SELECT 1 FROM track WHERE sha256 = ? LIMIT 1", "SELECT 1 FROM track WHERE art = ? LIMIT 1"].contains { sql in
            try db.exists(sql, [hash])
        }
    }
}
