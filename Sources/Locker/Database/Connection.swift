/// A connection inside one read or one transaction of a ``Database``; valid only there.
///
/// Statements are text with a `?` for each argument, one statement in each text. A driver prepares each text once and keeps
/// it. A text outside the files of a dialect must be one that both SQLite and PostgreSQL accept: see the decision
/// "Database".
protocol Connection: AnyObject {
    var dialect: any Dialect { get }

    /// Whether a row was inserted, updated or deleted in this access.
    var hasWritten: Bool { get }

    /// Runs a statement to its end.
    ///
    /// - Returns: How many rows it inserted, updated or deleted, without those that triggers and foreign keys changed.
    /// - Throws: A ``CatalogueError``.
    func changes(by statement: String, _ arguments: Arguments) throws -> Int

    /// Runs a statement and gives `body` its rows one by one until it returns false.
    ///
    /// - Parameter body: Must not run another statement. A ``Row`` is valid only until it returns.
    /// - Throws: A ``CatalogueError``, and what `body` throws.
    func rows(_ statement: String, _ arguments: Arguments, _ body: (Row) throws -> Bool) throws

    /// The same for a statement that a request made, which is not kept, and is ended if its rows take too long.
    ///
    /// - Throws: ``CatalogueError/tookTooLong`` then, another ``CatalogueError``, and what `body` throws.
    func rows(
        once statement: String, _ arguments: Arguments, within time: Duration, _ body: (Row) throws -> Bool
    ) throws
}

extension Connection {
    /// Runs a statement to its end.
    func run(_ statement: String, _ arguments: Arguments = []) throws { _ = try changes(by: statement, arguments) }

    /// The items made of the rows.
    func all<Item>(_ statement: String, _ arguments: Arguments = [], _ item: (Row) throws -> Item) throws -> [Item] {
        var items: [Item] = []
        try rows(statement, arguments) { row in
            items.append(try item(row))
            return true
        }
        return items
    }

    /// The item made of the first row; nil if there is no row.
    func first<Item>(_ statement: String, _ arguments: Arguments = [], _ item: (Row) throws -> Item) throws -> Item? {
        var found: Item?
        try rows(statement, arguments) { row in
            found = try item(row)
            return false
        }
        return found
    }

    /// The first column of the first row; nil if there is no row, or NULL in it.
    func value<Value: ColumnValue>(_ statement: String, _ arguments: Arguments = []) throws -> Value? {
        try first(statement, arguments) { $0[0] as Value? } ?? nil
    }

    /// The first column of every row.
    func values<Value: ColumnValue>(_ statement: String, _ arguments: Arguments = []) throws -> [Value] {
        try all(statement, arguments) { $0[0] }
    }

    /// Whether there is a row.
    func exists(_ statement: String, _ arguments: Arguments = []) throws -> Bool {
        try first(statement, arguments) { _ in true } ?? false
    }
}

/// A column with its value; nil is NULL.
typealias Field = (column: String, value: (any Bindable)?)

extension Connection {
    func insert(into table: String, _ fields: [Field]) throws {
        try run(Self.insertion(into: table, fields), fields.map(\.value))
    }

    /// Inserts a row, or overwrites the one with the same key.
    ///
    /// - Parameter key: The columns of the table's primary key, which are among those of `fields`.
    func upsert(into table: String, key: [String], _ fields: [Field]) throws {
        let assignments = fields.filter { !key.contains($0.column) }.map { "\($0.column) = excluded.\($0.column)" }
        let conflict = "ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET \(assignments.joined(separator: ", "))"
        try run("\(Self.insertion(into: table, fields)) \(conflict)", fields.map(\.value))
    }

    func update(_ table: String, _ fields: [Field], where key: [Field]) throws {
        let assignments = fields.map { "\($0.column) = ?" }.joined(separator: ", ")
        let conditions = key.map { "\($0.column) = ?" }.joined(separator: " AND ")
        try run("UPDATE \(table) SET \(assignments) WHERE \(conditions)", (fields + key).map(\.value))
    }

    private static func insertion(into table: String, _ fields: [Field]) -> String {
        let columns = fields.map(\.column).joined(separator: ", ")
        let marks = fields.map { _ in "?" }.joined(separator: ", ")
        return "INSERT INTO \(table) (\(columns)) VALUES (\(marks))"
    }
}
