extension Catalogue {
    /// Marks an item as a favourite from now on, or removes the mark.
    ///
    /// - Returns: false if the account has no such item.
    public func setFavourite(_ isFavourite: Bool, _ kind: Markable, id: String, account: Int64) async throws -> Bool {
        // A favourite keeps the time at which it became one.
        let value = isFavourite ? "CASE favourite WHEN 0 THEN ? ELSE favourite END" : "0 * ?"
        return try await mark(kind, "favourite = \(value)", now(), id: id, account: account)
    }

    /// - Parameter rating: 1 to 5; 0 removes it.
    /// - Returns: false if the account has no such item.
    public func setRating(_ rating: Int, _ kind: Markable, id: String, account: Int64) async throws -> Bool {
        try await mark(kind, "rating = ?", rating, id: id, account: account)
    }

    private func mark(
        _ kind: Markable, _ assignment: String, _ value: Int, id: String, account: Int64
    ) async throws -> Bool {
        try await change(.library, of: account) { db in
            try db.changes(by: "UPDATE \(kind.rawValue) SET \(assignment) WHERE id = ? AND account = ?", [value, id, account]) > 0
        }
    }
}
