extension Catalogue {
    /// Marks an item as a favourite from now on, or removes the mark.
    ///
    /// - Returns: false if the account has no such item: an album or an artist whose tracks are gone keeps its mark for when
    ///   they come back, but is none until then.
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
        let now = now()
        return try await change(.library, of: account) { db in
            let learns = try kind == .track && Self.learnsTaste(of: account, db)
            let former = learns ? try Self.marks(ofTrack: id, db) : nil
            let statement = "UPDATE \(kind.rawValue) SET \(assignment) WHERE id = ? AND account = ?\(kind.isThere)"
            guard try db.changes(by: statement, [value, id, account]) > 0 else { return false }
            guard let former, let later = try Self.marks(ofTrack: id, db) else { return true }
            let gain = TasteGain.ofMarks(later) - TasteGain.ofMarks(former)
            if gain > 0 { try Self.addTaste(gain, for: id, of: account, at: now, db) }
            // What the mark said has faded since.
            if gain < 0 { try Self.rebuildTaste(of: account, track: id, at: now, db) }
            return true
        }
    }

    private static func marks(ofTrack id: String, _ db: any Connection) throws -> Marks? {
        try db.first("SELECT favourite, rating FROM track WHERE id = ?", [id]) { Marks(stored: $0[0], rating: $0[1]) }
    }
}
