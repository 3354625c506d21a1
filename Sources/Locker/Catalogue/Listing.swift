/// A list of one account's rows, read page by page in the order of one index.
struct Listing {
    /// Tells its cursors from those of other lists.
    var name: String
    /// The columns that are read, and the tables that they are read from.
    var selection: [String]
    var source: String
    /// The condition on rows, with a `?` for each argument.
    var condition: String
    /// The columns that rows are ordered by, first to last. They are unique among the rows and, after the columns that
    /// `condition` fixes, the key of the index.
    var columns: [String]
    var isDescending = false

    /// The statement of one page: arguments are those of the condition, the cursor's key if `continued`, and the number of
    /// rows.
    func statement(continued: Bool) -> String {
        let direction = isDescending ? " DESC" : ""
        let list = columns.joined(separator: ", ")
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let beyond = continued ? " AND (\(list)) \(isDescending ? "<" : ">") (\(marks))" : ""
        let read = (selection + columns).joined(separator: ", ")
        let order = columns.map { $0 + direction }.joined(separator: ", ")
        return "SELECT \(read) FROM \(source) WHERE \(condition)\(beyond) ORDER BY \(order) LIMIT ?"
    }
}

extension Catalogue {
    /// One page of a list.
    ///
    /// - Parameters:
    ///   - arguments: those of the list's condition.
    ///   - after: A page's `next`.
    ///   - limit: Clamped to 1...500.
    /// - Throws: ``CatalogueError/badCursor`` if `after` is not a cursor of this list.
    func page<Item: Sendable>(
        of listing: Listing, _ arguments: [any Bindable], after: String?, limit: Int,
        _ item: @escaping @Sendable (Row) throws -> Item
    ) async throws -> Page<Item> {
        let cursor = try after.map { text throws(CatalogueError) in try PageCursor(text, of: listing) }
        let limit = min(max(1, limit), 500)
        let values: Arguments = arguments + (cursor?.key ?? []) + [limit + 1]
        return try await database.read { db in
            var page = Page<Item>(items: [])
            var key: [PageCursor.Value] = []
            try db.rows(listing.statement(continued: cursor != nil), values) { row in
                guard page.items.count < limit else {
                    page.next = PageCursor(list: listing.name, key: key).encoded
                    return false
                }
                page.items.append(try item(row))
                if page.items.count == limit {
                    key = try listing.columns.indices.map { try PageCursor.Value(row[listing.selection.count + $0]) }
                }
                return true
            }
            return page
        }
    }
}
