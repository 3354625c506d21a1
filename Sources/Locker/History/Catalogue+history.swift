extension Catalogue {
    /// Notes that the track was heard. The same track at the same time again is the same play, whose stop may be told later.
    ///
    /// - Parameters:
    ///   - time: milliseconds since 1970; nil for now.
    ///   - stop: milliseconds of the track at which the play stopped; nil if that is not known.
    ///   - count: How many of the account's plays to keep; the oldest beyond that are forgotten. Nil keeps all.
    /// - Returns: false if the account has no such track.
    @discardableResult
    public func markPlayed(
        id: String, account: Int64, at time: Int? = nil, stopped stop: Int? = nil, keeping count: Int? = nil
    ) async throws -> Bool {
        let time = time ?? now()
        return try await change(.history, of: account) { db in
            guard try db.exists("SELECT 1 FROM track WHERE id = ? AND account = ?", [id, account]) else { return false }
            let added = try db.changes(
                by: "INSERT INTO play (account, at, track, stopped) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [account, time, id, stop])
            if added == 0 {
                guard let stop else { return true }
                try db.run(
                    "UPDATE play SET stopped = ? WHERE account = ? AND at = ? AND track = ?", [stop, account, time, id])
                return true
            }
            try db.run(
                "UPDATE track SET plays = plays + 1, played = CASE WHEN played < ? THEN ? ELSE played END WHERE id = ?",
                [time, time, id])
            if let count { try Self.forgetPlays(beyond: count, account: account, db) }
            return true
        }
    }

    /// Forgets the account's oldest plays until `count` are left. Triggers keep the count, so a new play need not count
    /// those before it.
    private static func forgetPlays(beyond count: Int, account: Int64, _ db: any Connection) throws {
        let plays: Int = try db.value("SELECT plays FROM account WHERE id = ?", [account]) ?? 0
        guard plays > count else { return }
        try db.run(
            """
            DELETE FROM play WHERE (account, at, track) IN (
                SELECT account, at, track FROM play WHERE account = ? ORDER BY at, track LIMIT ?
            )
            """, [account, plays - count])
    }

    /// One page of what the account has heard, the latest first.
    ///
    /// - Parameters:
    ///   - after: A page's `next`.
    ///   - limit: Clamped to 1...500.
    /// - Throws: ``CatalogueError/badCursor``.
    public func history(account: Int64, after: String? = nil, limit: Int = 100) async throws -> Page<Play> {
        try await page(of: Self.historyListing, [account], after: after, limit: limit) { row in
            Play(at: row[Track.columns.count], stopped: row[Track.columns.count + 1], track: try Track(row: row))
        }
    }

    /// Forgets which tracks the account has heard, and when.
    public func eraseHistory(account: Int64) async throws {
        try await change(.history, .freeing, of: account) { db in
            try db.run("DELETE FROM play WHERE account = ?", [account])
            try db.run("UPDATE track SET played = 0, plays = 0 WHERE account = ? AND played > 0", [account])
            try db.run("UPDATE album SET played = 0 WHERE account = ? AND played > 0", [account])
            // Nor does a deleted track bring any of it back.
            try db.run("DELETE FROM deletedPlay WHERE track IN (SELECT id FROM deletedTrack WHERE account = ?)", [account])
            try db.run("UPDATE deletedTrack SET played = 0, plays = 0 WHERE account = ?", [account])
        }
    }

    static let historyListing = Listing(
        name: "history", selection: Track.columns + ["play.at", "play.stopped"],
        source: "play JOIN track ON track.id = play.track",
        condition: "play.account = ?", columns: ["play.at", "play.track"], isDescending: true)
}
