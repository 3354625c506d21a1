extension Catalogue {
    /// Some items of a list, from the one that `place` others come before.
    ///
    /// - Parameters:
    ///   - arguments: those of the list's condition.
    ///   - limit: by default all.
    ///   - complete: Reads what the rows of the items lack.
    func items<Item: Sendable>(
        of listing: Listing, _ arguments: [any Bindable], at place: Int = 0, limit: Int = .max,
        _ item: @escaping @Sendable (Row) throws -> Item,
        completing complete: @escaping @Sendable (inout [Item], any Connection) throws -> Void = { _, _ in }
    ) async throws -> [Item] {
        guard limit > 0 else { return [] }
        noteInterest()
        let list = listing.name + arguments.map { " \($0.bound)" }.joined()
        let changes = knownPlaces.changes
        let near = place > 0 ? knownPlaces.nearest(to: place, in: list) : nil
        let (items, last) = try await database.read { db -> ([Item], Listing.Key?) in
            var start = near?.key
            let missing = place - (near?.place ?? 0)
            if missing > 0 {
                start = try listing.key(passing: missing - 1, after: start, arguments, db)
                if start == nil { return ([], nil) }
            }
            var (items, last): ([Item], Listing.Key?) = ([], nil)
            items.reserveCapacity(min(limit, 500))
            try db.rows(listing.statement(continued: start != nil), arguments + (start ?? []) + [limit]) { row in
                items.append(try item(row))
                if items.count == limit { last = try listing.key(of: row) }
                return true
            }
            try complete(&items, db)
            return (items, last)
        }
        if let last { knownPlaces.note(last, before: place + items.count, in: list, since: changes) }
        return items
    }
}
