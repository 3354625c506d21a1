internal import GRDB

/// One time a track was heard.
public struct Play: Sendable, Equatable {
    /// Milliseconds since 1970.
    public var at: Int
    public var track: Track
}

extension Catalogue {
    /// Some plays, the latest first.
    public struct HistoryPage: Sendable, Equatable {
        public var items: [Play]
        /// What to ask the next page with; nil on the last.
        public var next: String?
    }

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

    /// One page of the account's history.
    ///
    /// - Parameters:
    ///   - after: A page's `next`.
    ///   - limit: Held to 1...500.
    /// - Throws: ``CatalogueError/badCursor``.
    public func history(account: Int64, after: String? = nil, limit: Int = 100) async throws -> HistoryPage {
        let limit = min(max(1, limit), 500)
        var key: [any DatabaseValueConvertible] = []
        if let after {
            let parts = after.split(separator: "-", maxSplits: 1)
            guard parts.count == 2, let at = Int(parts[0]), parts[1].utf8.count == 22 else { throw CatalogueError.badCursor }
            key = [at, String(parts[1])]
        }
        let statement = Self.historyStatement(continued: after != nil)
        let values: [(any DatabaseValueConvertible)?] = [account] + key + [limit + 1]
        let arguments = StatementArguments(values)
        var items = try await pool.read { db in
            try Row.fetchAll(db, sql: statement, arguments: arguments).map { Play(at: $0["at"], track: try Track(row: $0)) }
        }
        guard items.count > limit else { return HistoryPage(items: items) }
        items.removeLast()
        return HistoryPage(items: items, next: items.last.map { "\($0.at)-\($0.track.id)" })
    }

    /// Forgets what the account has heard, and when.
    public func eraseHistory(account: Int64) async throws {
        try await change { db in
            try db.execute(sql: "DELETE FROM play WHERE account = ?", arguments: [account])
            try db.execute(sql: "UPDATE track SET played = 0 WHERE account = ? AND played > 0", arguments: [account])
        }
    }

    /// The statement of one page: arguments are the account, the time and the track of the last play if `continued`, and the rows.
    static func historyStatement(continued: Bool) -> String {
        """
        SELECT track.*, play.at FROM play CROSS JOIN track ON track.id = play.track
        WHERE play.account = ?\(continued ? " AND (play.at, play.track) < (?, ?)" : "")
        ORDER BY play.at DESC, play.track DESC LIMIT ?
        """
    }
}
