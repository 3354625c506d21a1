/// A list of one account's rows, read page by page in the order of one index.
struct Listing {
    /// Tells its cursors from those of other lists.
    var name: String
    /// The columns that are read, and the tables that they are read from.
    var selection: [String]
    var source: String
    /// The tables of `source` that have `columns` and everything in `condition`; nil for all of them. Each of their rows is one
    /// of the list.
    var keys: String?
    /// The condition on rows, with a `?` for each argument.
    var condition: String
    /// The columns that rows are ordered by, first to last. They are unique among the rows and, after the columns that
    /// `condition` fixes, the key of the index.
    var columns: [String]
    var isDescending = false
    /// A statement that reads how many rows there are, with the condition's arguments; nil if they have to be counted.
    var total: String?

    /// The statement of one page: arguments are those of the condition, the cursor's key if `continued`, and the number of
    /// rows.
    func statement(continued: Bool) -> String {
        let read = (selection + columns).joined(separator: ", ")
        return "SELECT \(read) FROM \(source) WHERE \(condition)\(beyond(continued)) ORDER BY \(order) LIMIT ?"
    }

    /// The statement for the key of one row, from the index alone: arguments are those of the condition, the cursor's key if
    /// `continued`, and the number of rows to pass over.
    func keyStatement(continued: Bool) -> String {
        let read = columns.joined(separator: ", ")
        return "SELECT \(read) FROM \(keys ?? source) WHERE \(condition)\(beyond(continued)) ORDER BY \(order) LIMIT 1 OFFSET ?"
    }

    /// The statement of one row, of which those that are passed over are read from the index alone: arguments are those of the
    /// condition twice, the cursor's key if `continued`, and the number of rows to pass over.
    func rowStatement(continued: Bool) -> String {
        let read = (selection + columns).joined(separator: ", ")
        let key = columns.joined(separator: ", ")
        return "SELECT \(read) FROM \(source) WHERE \(condition) AND (\(key)) = (\(keyStatement(continued: continued)))"
    }

    /// The statement for the number of rows: arguments are those of the condition.
    var totalStatement: String { total ?? "SELECT count(*) FROM \(keys ?? source) WHERE \(condition)" }

    private func beyond(_ continued: Bool) -> String {
        let list = columns.joined(separator: ", ")
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        return continued ? " AND (\(list)) \(isDescending ? "<" : ">") (\(marks))" : ""
    }

    private var order: String { columns.map { $0 + (isDescending ? " DESC" : "") }.joined(separator: ", ") }
}

extension Listing {
    typealias Key = [PageCursor.Value]

    /// The number of rows.
    func total(_ arguments: [any Bindable], _ db: any Connection) throws -> Int { try db.value(totalStatement, arguments) ?? 0 }

    /// The key of the row behind `count` others, of which the first follows the row of `start`; nil if there are not so many.
    func key(passing count: Int, after start: Key?, _ arguments: [any Bindable], _ db: any Connection) throws -> Key? {
        try db.first(keyStatement(continued: start != nil), arguments + (start ?? []) + [count]) { row in
            try columns.indices.map { try PageCursor.Value(row[$0]) }
        }
    }

    /// The key of a row that ``statement(continued:)`` has read.
    func key(of row: Row) throws -> Key { try columns.indices.map { try PageCursor.Value(row[selection.count + $0]) } }
}

extension Catalogue {
    /// One page of a list.
    ///
    /// - Parameters:
    ///   - arguments: those of the list's condition.
    ///   - after: A page's `next`.
    ///   - place: How many items come before the page; then the page has the total. Not with `after`.
    ///   - limit: Clamped to 1...500.
    /// - Throws: ``CatalogueError/badCursor`` if `after` is not a cursor of this list.
    func page<Item: Sendable>(
        of listing: Listing, _ arguments: [any Bindable], after: String?, at place: Int? = nil, limit: Int,
        _ item: @escaping @Sendable (Row) throws -> Item
    ) async throws -> Page<Item> {
        let cursor = try after.map { text throws(CatalogueError) in try PageCursor(text, of: listing) }
        let limit = min(max(1, limit), 500)
        return try await database.read { db in
            var page = Page<Item>(items: [])
            var start = cursor?.key
            if let place {
                page.total = try listing.total(arguments, db)
                if place > 0 {
                    start = try listing.key(passing: place - 1, after: nil, arguments, db)
                    if start == nil { return page }
                }
            }
            var key: Listing.Key = []
            try db.rows(listing.statement(continued: start != nil), arguments + (start ?? []) + [limit + 1]) { row in
                guard page.items.count < limit else {
                    page.next = PageCursor(list: listing.name, key: key).encoded
                    return false
                }
                page.items.append(try item(row))
                if page.items.count == limit { key = try listing.key(of: row) }
                return true
            }
            return page
        }
    }
}
