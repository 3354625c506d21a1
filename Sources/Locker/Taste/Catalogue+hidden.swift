/// "Not this": what is not suggested to an account any more, in any encode.
extension Catalogue {
    /// Does not suggest something to the account any more.
    ///
    /// - Parameter most: How many things the account hides; the oldest beyond that are suggested again.
    public func hide(_ item: HiddenItem, account: Int64, keeping most: Int = 10_000) async throws {
        let now = now()
        try await change(.account, of: account) { db in
            try db.upsert(
                into: "hidden", key: ["account", "item"],
                [
                    ("account", account), ("item", item.item), ("recording", item.recording), ("title", item.title),
                    ("artist", item.artist), ("at", now)
                ])
            let count: Int = try db.value("SELECT count(*) FROM hidden WHERE account = ?", [account]) ?? 0
            guard count > most else { return }
            try db.run(
                """
                DELETE FROM hidden WHERE (account, item) IN (
                    SELECT account, item FROM hidden WHERE account = ? ORDER BY at, item LIMIT ?
                )
                """, [account, count - most])
        }
    }

    /// Lets it be suggested again.
    ///
    /// - Returns: false if it was not hidden.
    public func unhide(item: String, account: Int64) async throws -> Bool {
        try await change(.account, .freeing, of: account) { db in
            try db.changes(by: "DELETE FROM hidden WHERE account = ? AND item = ?", [account, item]) > 0
        }
    }

    /// One page of what the account hides, the latest first.
    ///
    /// - Throws: ``CatalogueError/badCursor``.
    public func hiddenItems(account: Int64, after: String? = nil, limit: Int = 100) async throws -> Page<HiddenItem> {
        try await page(of: Self.hiddenListing, [account], after: after, limit: limit) { row in
            HiddenItem(item: row[0], recording: row[1], title: row[2], artist: row[3])
        }
    }

    /// The recordings and tracks that are not suggested to the account.
    public func hidden(account: Int64) async throws -> (recordings: Set<Int64>, tracks: Set<String>) {
        try await database.read { db in
            var found: (recordings: Set<Int64>, tracks: Set<String>) = ([], [])
            try db.rows("SELECT item, recording FROM hidden WHERE account = ?", [account]) { row in
                found.tracks.insert(row[0])
                if let recording: Int64 = row[1] { found.recordings.insert(recording) }
                return true
            }
            return found
        }
    }

    static let hiddenListing = Listing(
        name: "hidden", selection: ["hidden.item", "hidden.recording", "hidden.title", "hidden.artist"], source: "hidden",
        condition: "hidden.account = ?", columns: ["hidden.at", "hidden.item"], isDescending: true)
}
