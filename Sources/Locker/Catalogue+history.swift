internal import GRDB

/// One time a track was heard.
public struct Play: Sendable, Equatable {
    /// Milliseconds since 1970.
    public var at: Int
    public var track: Track
}

extension Catalogue {
    /// Notes that the track was heard. The same track at the same time again is the same play.
    ///
    /// - Parameter time: milliseconds since 1970; now where there is none.
    /// - Returns: false where the account has no such track.
    @discardableResult
    public func markPlayed(id: String, account: Int64, at time: Int? = nil) async throws -> Bool {
        let time = time ?? now()
        return try await change { db in
            try db.execute(
                sql: "UPDATE track SET played = max(played, ?) WHERE id = ? AND account = ?", arguments: [time, id, account])
            guard db.changesCount > 0 else { return false }
            try db.execute(
                sql: "INSERT INTO play (account, at, track) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                arguments: [account, time, id])
            return true
        }
    }

    /// One page of what the account has heard, the latest first.
    ///
    /// - Parameters:
    ///   - after: A page's `next`.
    ///   - limit: Held to 1...500.
    /// - Throws: ``CatalogueError/badCursor``.
    public func history(account: Int64, after: String? = nil, limit: Int = 100) async throws -> Page<Play> {
        try await page(of: Self.historyListing, [account], after: after, limit: limit) { row in
            Play(at: row["at"], track: try Track(row: row))
        }
    }

    /// Forgets what the account has heard, and when.
    public func eraseHistory(account: Int64) async throws {
        try await change(.freeing) { db in
            try db.execute(sql: "DELETE FROM play WHERE account = ?", arguments: [account])
            try db.execute(sql: "UPDATE track SET played = 0 WHERE account = ? AND played > 0", arguments: [account])
        }
    }

    static let historyListing = Listing(
        name: "history", selection: Track.selection + ", play.at", source: "play CROSS JOIN track ON track.id = play.track",
        condition: "play.account = ?", columns: ["play.at", "play.track"], isDescending: true)
}
