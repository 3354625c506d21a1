extension Catalogue {
    /// Items of a list chosen at random, each at most once, in random order: every choice is as likely as any other.
    ///
    /// The places are drawn here, and the index is walked once from place to place, which takes a fraction of the time of sorting
    /// all rows by a random number.
    ///
    /// - Parameters:
    ///   - arguments: those of the list's condition.
    ///   - limit: Clamped to 1...500.
    func sample<Item: Sendable>(
        of listing: Listing, _ arguments: [any Bindable], limit: Int, _ item: @escaping @Sendable (Row) throws -> Item
    ) async throws -> [Item] {
        let limit = min(max(1, limit), 500)
        return try await database.read { db in
            let total = try listing.total(arguments, db)
            var items: [Item] = []
            // The key of the last row read, and the place behind it.
            var (key, next): (Listing.Key?, Int) = (nil, 0)
            let statements = [false, true].map { listing.rowStatement(continued: $0) }
            for place in Self.places(limit, among: total) {
                let start = key ?? []
                try db.rows(statements[start.isEmpty ? 0 : 1], arguments + arguments + start + [place - next]) { row in
                    items.append(try item(row))
                    key = try listing.key(of: row)
                    return false
                }
                next = place + 1
            }
            return items.shuffled()
        }
    }

    /// `count` different places below `total`, or all, in ascending order.
    private static func places(_ count: Int, among total: Int) -> [Int] {
        guard total > count else { return Array(0..<max(0, total)) }
        // Floyd's algorithm: one draw for each place.
        var chosen: Set<Int> = []
        for last in total - count..<total {
            let place = Int.random(in: 0...last)
            chosen.insert(chosen.contains(place) ? last : place)
        }
        return chosen.sorted()
    }

    /// Some of the account's tracks, chosen at random.
    ///
    /// - Parameter limit: Clamped to 1...500.
    public func randomTracks(account: Int64, limit: Int = 100) async throws -> [Track] {
        try await sample(of: TrackSort.added.listing, [account], limit: limit, Track.init(row:))
    }

    /// Some of the account's albums, chosen at random.
    ///
    /// - Parameter limit: Clamped to 1...500.
    public func randomAlbums(account: Int64, limit: Int = 100) async throws -> [Album] {
        let found = try await sample(of: AlbumSort.newest.listing, [account], limit: limit, Album.Found.init(row:))
        return try await withCovers(Page(items: found), account).items
    }
}
