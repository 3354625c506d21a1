internal import GRDB

/// What is bound to a statement's places, as a literal: every statement of the catalogue is given its values by the calls below.
///
/// GRDB binds a text up to its first zero (`sqlite3_bind_text` with a length of -1), so that a name with something behind a zero would
/// mean another row's name to SQLite and no name to everything else. A literal of values is an array before it is anything else, so
/// these calls go before GRDB's own, and a text with a zero is an error in all of them.
typealias BoundValues = [(any DatabaseValueConvertible)?]

extension StatementArguments {
    /// - Throws: ``CatalogueError/textWithZero``.
    init(whole values: BoundValues) throws(CatalogueError) {
        for value in values {
            if case .string(let text)? = value?.databaseValue.storage, text.utf8.contains(0) { throw .textWithZero }
        }
        self.init(values)
    }
}

extension Database {
    func execute(sql: String, arguments: BoundValues) throws {
        try execute(sql: sql, arguments: try StatementArguments(whole: arguments))
    }
}

extension Statement {
    func execute(arguments: BoundValues) throws { try execute(arguments: try StatementArguments(whole: arguments)) }
}

extension Row {
    static func fetchOne(_ db: Database, sql: String, arguments: BoundValues) throws -> Row? {
        try fetchOne(db, sql: sql, arguments: try StatementArguments(whole: arguments))
    }

    static func fetchAll(_ db: Database, sql: String, arguments: BoundValues) throws -> [Row] {
        try fetchAll(db, sql: sql, arguments: try StatementArguments(whole: arguments))
    }

    static func fetchOne(_ statement: Statement, arguments: BoundValues) throws -> Row? {
        try fetchOne(statement, arguments: try StatementArguments(whole: arguments))
    }

    static func fetchAll(_ statement: Statement, arguments: BoundValues) throws -> [Row] {
        try fetchAll(statement, arguments: try StatementArguments(whole: arguments))
    }

    static func fetchCursor(_ statement: Statement, arguments: BoundValues) throws -> RowCursor {
        try fetchCursor(statement, arguments: try StatementArguments(whole: arguments))
    }
}

extension DatabaseValueConvertible where Self: StatementColumnConvertible {
    static func fetchOne(_ db: Database, sql: String, arguments: BoundValues) throws -> Self? {
        try fetchOne(db, sql: sql, arguments: try StatementArguments(whole: arguments))
    }

    static func fetchAll(_ db: Database, sql: String, arguments: BoundValues) throws -> [Self] {
        try fetchAll(db, sql: sql, arguments: try StatementArguments(whole: arguments))
    }

    static func fetchOne(_ statement: Statement, arguments: BoundValues) throws -> Self? {
        try fetchOne(statement, arguments: try StatementArguments(whole: arguments))
    }

    static func fetchAll(_ statement: Statement, arguments: BoundValues) throws -> [Self] {
        try fetchAll(statement, arguments: try StatementArguments(whole: arguments))
    }
}
