extension Catalogue {
    /// Forgets which tracks the account has heard and skipped, and when; and what was learned from it.
    public func eraseHistory(account: Int64) async throws {
        let now = now()
        try await change([.history, .erased], .erasing, of: account) { db in
            try db.run("DELETE FROM play WHERE account = ?", [account])
            try db.run("DELETE FROM skip WHERE account = ?", [account])
            try db.run("UPDATE track SET played = 0, plays = 0 WHERE account = ? AND (played > 0 OR plays > 0)", [account])
            try db.run("UPDATE album SET played = 0 WHERE account = ? AND played > 0", [account])
            // Nor does a deleted track bring any of it back.
            try db.run("DELETE FROM deletedPlay WHERE track IN (SELECT id FROM deletedTrack WHERE account = ?)", [account])
            try Self.eraseDeletedSkips(of: account, db)
            try db.run("UPDATE deletedTrack SET played = 0, plays = 0 WHERE account = ?", [account])
            try Self.noteErasure(of: account, db)
            if try Self.learnsTaste(of: account, db) { try Self.rebuildTaste(of: account, at: now, db) }
        }
    }

    /// Forgets what the account heard and skipped in a time, and what was learned from that. Plays and last plays of tracks and
    /// albums are then those of the rest, as far as it is kept.
    ///
    /// - Parameter times: milliseconds since 1970.
    public func eraseHistory(account: Int64, in times: Range<Int>) async throws {
        let now = now()
        try await change([.history, .erased], .erasing, of: account) { db in
            let within: Arguments = [account, times.lowerBound, times.upperBound]
            let plays = try db.all(
                "SELECT track, count(*) FROM play WHERE account = ? AND at >= ? AND at < ? GROUP BY track", within
            ) { (track: $0[0] as String, count: $0[1] as Int) }
            let skipped: [String] = try db.values(
                "SELECT DISTINCT track FROM skip WHERE account = ? AND at >= ? AND at < ?", within)
            try db.run("DELETE FROM play WHERE account = ? AND at >= ? AND at < ?", within)
            try db.run("DELETE FROM skip WHERE account = ? AND at >= ? AND at < ?", within)
            for (track, count) in plays {
                try db.run(
                    "UPDATE track SET plays = CASE WHEN plays > ? THEN plays - ? ELSE 0 END WHERE id = ?", [count, count, track])
            }
            try Self.forgetPlayed(of: account, in: times, db)
            try Self.eraseDeletedPlays(of: account, in: times, db)
            try Self.eraseDeletedSkips(of: account, in: times, db)
            let tracks = Set(plays.map(\.track)).union(skipped)
            if !tracks.isEmpty { try Self.noteErasure(of: account, db) }
            guard try Self.learnsTaste(of: account, db) else { return }
            for track in tracks {
                try Self.rebuildTaste(of: account, track: track, at: now, db)
            }
        }
    }

    private static func noteErasure(of account: Int64, _ db: any Connection) throws {
        try db.run("UPDATE account SET erasures = erasures + 1 WHERE id = ?", [account])
    }

    /// Sets the last plays of tracks and albums that were within a time to the last of the plays that are left.
    static func forgetPlayed(of account: Int64, in times: Range<Int>, _ db: any Connection) throws {
        for statement in [
            """
            UPDATE track SET played = coalesce((SELECT max(play.at) FROM play WHERE play.track = track.id), 0)
            WHERE account = ? AND played >= ? AND played < ?
            """,
            """
            UPDATE album SET played = coalesce((SELECT max(track.played) FROM track WHERE track.albumId = album.id), 0)
            WHERE account = ? AND played >= ? AND played < ?
            """
        ] { try db.run(statement, [account, times.lowerBound, times.upperBound]) }
    }

    /// A deleted track brings nothing back of what was erased.
    private static func eraseDeletedPlays(of account: Int64, in times: Range<Int>, _ db: any Connection) throws {
        let plays = try db.all(
            """
            SELECT deletedPlay.track, count(*) FROM deletedPlay JOIN deletedTrack ON deletedTrack.id = deletedPlay.track
            WHERE deletedTrack.account = ? AND deletedPlay.at >= ? AND deletedPlay.at < ? GROUP BY deletedPlay.track
            """, [account, times.lowerBound, times.upperBound]
        ) { (track: $0[0] as String, count: $0[1] as Int) }
        for (track, count) in plays {
            try db.run(
                "DELETE FROM deletedPlay WHERE track = ? AND at >= ? AND at < ?", [track, times.lowerBound, times.upperBound])
            try db.run(
                """
                UPDATE deletedTrack SET plays = CASE WHEN plays > ? THEN plays - ? ELSE 0 END,
                    played = coalesce((SELECT max(deletedPlay.at) FROM deletedPlay WHERE deletedPlay.track = deletedTrack.id), 0)
                WHERE id = ?
                """, [count, count, track])
        }
    }

    static func eraseDeletedSkips(of account: Int64, in times: Range<Int> = .min ..< .max, _ db: any Connection) throws {
        try db.run(
            "DELETE FROM deletedSkip WHERE track IN (SELECT id FROM deletedTrack WHERE account = ?) AND at >= ? AND at < ?",
            [account, times.lowerBound, times.upperBound])
    }

    /// Forgets plays and skips of all accounts from before a time (milliseconds since 1970), at most `limit` of each account in
    /// one call. The plays still count.
    ///
    /// - Returns: whether anything was forgotten.
    public func forgetHistory(before time: Int, limit: Int = 10_000) async throws -> Bool {
        var isSome = false
        let accounts: [Int64] = try await database.read { try $0.values("SELECT id FROM account ORDER BY id") }
        for account in accounts {
            let isThere = try await database.read { db in
                try ["play", "skip"].contains { table in
                    try db.exists("SELECT 1 FROM \(table) WHERE account = ? AND at < ? LIMIT 1", [account, time])
                }
            }
            guard isThere else { continue }
            isSome = true
            try await change(.history, .erasing, of: account) { db in
                for table in ["play", "skip"] {
                    try db.run(
                        """
                        DELETE FROM \(table) WHERE (account, at, track) IN (
                            SELECT account, at, track FROM \(table) WHERE account = ? AND at < ? ORDER BY at, track LIMIT ?
                        )
                        """, [account, time, limit])
                }
            }
        }
        return isSome
    }
}
