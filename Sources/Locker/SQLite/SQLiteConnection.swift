internal import GRDB
internal import GRDBSQLite

/// One of GRDB's connections, inside an access that GRDB began. GRDB prepares statements and keeps them; their values are
/// bound and read by SQLite's own calls (https://sqlite.org/c3ref/funclist.html), so that neither a row nor a value is
/// copied on its way.
final class SQLiteConnection: Connection {
    let dialect: any Dialect = SQLiteDialect()
    private let database: GRDB.Database
    /// Rows that the connection had changed before this access.
    private let changesBefore: Int
    /// Whether the rows of a statement are being read.
    private var isReading = false

    init(_ database: GRDB.Database) { (self.database, changesBefore) = (database, database.totalChangesCount) }

    var hasWritten: Bool { database.totalChangesCount != changesBefore }

    func changes(by statement: String, _ arguments: Arguments) throws -> Int {
        try begin(statement, arguments) { cursor in
            while try cursor.step() {}
            return database.changesCount
        }
    }

    func rows(_ statement: String, _ arguments: Arguments, _ body: (Row) throws -> Bool) throws {
        try begin(statement, arguments) { try read($0, body) }
    }

    func rows(
        once statement: String, _ arguments: Arguments, within time: Duration, _ body: (Row) throws -> Bool
    ) throws {
        let limit = TimeLimit(end: .now + time)
        // SQLite calls it between steps of its virtual machine (https://sqlite.org/c3ref/progress_handler.html): some 50
        // times in a millisecond.
        unsafe sqlite3_progress_handler(
            database.sqliteConnection, 10_000, { limit in unsafe TimeLimit.isOver(limit) },
            Unmanaged.passUnretained(limit).toOpaque())
        defer {
            unsafe sqlite3_progress_handler(database.sqliteConnection, 0, nil, nil)
            withExtendedLifetime(limit) {}
        }
        do {
            try begin(statement, arguments, isKept: false) { try read($0, body) }
        } catch CatalogueError.interrupted where limit.isOver {
            throw CatalogueError.tookTooLong
        }
    }

    private func read(_ cursor: StatementCursor, _ body: (Row) throws -> Bool) throws {
        let columns = SQLiteColumns(of: cursor._statement)
        isReading = true
        defer { isReading = false }
        while try cursor.step() {
            let goesOn = try body(Row(columns: columns))
            if let fault = columns.fault { throw fault }
            if !goesOn { return }
        }
    }

    /// Runs several statements without arguments: those of a schema.
    func script(_ statements: String) throws {
        do {
            try database.execute(sql: statements)
        } catch let error as DatabaseError {
            throw CatalogueError(error)
        }
    }

    /// Adds a function of texts to this connection. It is never removed: SQLite removes none while an index is being
    /// written.
    ///
    /// - Parameter count: The number of its arguments; nil for any number. NULL is left out of them.
    func addFunction(_ name: String, of count: Int?, _ body: @escaping @Sendable ([String]) -> String?) {
        database.add(
            function: DatabaseFunction(name, argumentCount: count, pure: true) { values in
                body(values.compactMap(String.fromDatabaseValue))
            })
    }

    private func begin<Value>(
        _ text: String, _ arguments: Arguments, isKept: Bool = true, _ body: (StatementCursor) throws -> Value
    ) throws -> Value {
        assert(!isReading, "a statement inside the reading of another's rows")
        do {
            let statement = try isKept ? database.cachedStatement(sql: text) : database.makeStatement(sql: text)
            let cursor = StatementCursor(statement)
            // A statement that is not reset keeps its read open.
            defer { cursor.reset() }
            try cursor.bind(arguments)
            return try body(cursor)
        } catch let error as DatabaseError {
            throw CatalogueError(error)
        }
    }
}

/// The end of the time that a statement may take. Used by the one thread that runs the statement.
private final class TimeLimit {
    private let end: ContinuousClock.Instant
    private(set) var isOver = false

    init(end: ContinuousClock.Instant) { self.end = end }

    /// Other than 0 ends the statement.
    static func isOver(_ limit: UnsafeMutableRawPointer?) -> CInt {
        guard let limit = unsafe limit else { return 0 }
        let known = unsafe Unmanaged<TimeLimit>.fromOpaque(limit).takeUnretainedValue()
        if !known.isOver, ContinuousClock.now >= known.end { known.isOver = true }
        return known.isOver ? 1 : 0
    }
}

/// A prepared statement on its way through its rows.
private final class StatementCursor: DatabaseCursor {
    typealias Element = Bool

    let _statement: Statement
    var _isDone = false

    init(_ statement: Statement) { _statement = statement }

    func _element(sqliteStatement: SQLiteStatement) -> Bool { true }

    /// False after the last row.
    func step() throws -> Bool { try next() ?? false }

    func reset() { unsafe sqlite3_reset(_statement.sqliteStatement) }

    /// - Throws: ``CatalogueError/textWithZero``.
    func bind(_ arguments: Arguments) throws(CatalogueError) {
        let statement = unsafe _statement.sqliteStatement
        let wanted = unsafe Int(sqlite3_bind_parameter_count(statement))
        guard arguments.count == wanted else {
            throw .failed("a statement with places for \(wanted) values was given \(arguments.count): \(_statement.sql)")
        }
        for (place, argument) in zip(CInt(1)..., arguments) {
            let code: CInt
            switch argument?.bound ?? .null {
            case .null: code = unsafe sqlite3_bind_null(statement, place)
            case .integer(let number): code = unsafe sqlite3_bind_int64(statement, place, number)
            case .real(let number): code = unsafe sqlite3_bind_double(statement, place, number)
            case .text(var text):
                // PostgreSQL has no such texts, and SQLite's functions end them at the zero, so a comparison would find
                // another row.
                if text.utf8.contains(0) { throw .textWithZero }
                // An empty text may have no address, and SQLite takes that for NULL.
                code =
                    unsafe text.isEmpty
                    ? sqlite3_bind_text(statement, place, "", 0, copied)
                    : text.withUTF8 { utf8 in
                        unsafe utf8.withMemoryRebound(to: CChar.self) { characters in
                            unsafe sqlite3_bind_text(
                                statement, place, characters.baseAddress, CInt(clamping: characters.count), copied)
                        }
                    }
            case .bytes(let bytes):
                code =
                    unsafe bytes.isEmpty
                    ? sqlite3_bind_zeroblob(statement, place, 0)
                    : bytes.withUnsafeBufferPointer { bytes in
                        unsafe sqlite3_bind_blob(statement, place, bytes.baseAddress, CInt(clamping: bytes.count), copied)
                    }
            }
            guard code == SQLITE_OK else { throw CatalogueError(DatabaseError(resultCode: ResultCode(rawValue: code))) }
        }
    }
}

/// `SQLITE_TRANSIENT`, a macro that Swift does not see: SQLite copies what is bound.
nonisolated(unsafe) private let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)

/// The columns of the row that a statement stands at, read from it.
private final class SQLiteColumns: Columns {
    private let statement: Statement
    /// The first value that was not of the type it was read as.
    private(set) var fault: CatalogueError?

    init(of statement: Statement) { self.statement = statement }

    private func type(at place: Int) -> CInt { unsafe sqlite3_column_type(statement.sqliteStatement, CInt(place)) }

    private func note(_ place: Int) {
        if fault == nil { fault = .corrupt("column \(place) of \(statement.sql)") }
    }

    func isNull(at place: Int) -> Bool { type(at: place) == SQLITE_NULL }

    func integer(at place: Int) -> Int64 {
        if type(at: place) != SQLITE_INTEGER { note(place) }
        return unsafe sqlite3_column_int64(statement.sqliteStatement, CInt(place))
    }

    func real(at place: Int) -> Double {
        let type = type(at: place)
        if type != SQLITE_FLOAT, type != SQLITE_INTEGER { note(place) }
        return unsafe sqlite3_column_double(statement.sqliteStatement, CInt(place))
    }

    func text(at place: Int) -> String {
        if type(at: place) != SQLITE_TEXT { note(place) }
        guard let start = unsafe sqlite3_column_text(statement.sqliteStatement, CInt(place)) else { return "" }
        let count = unsafe Int(sqlite3_column_bytes(statement.sqliteStatement, CInt(place)))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func bytes(at place: Int) -> [UInt8] {
        if type(at: place) != SQLITE_BLOB { note(place) }
        guard let start = unsafe sqlite3_column_blob(statement.sqliteStatement, CInt(place)) else { return [] }
        return unsafe Array(
            UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement.sqliteStatement, CInt(place)))))
    }

    func value(at place: Int) -> SQLValue {
        switch type(at: place) {
        case SQLITE_INTEGER: .integer(integer(at: place))
        case SQLITE_FLOAT: .real(real(at: place))
        case SQLITE_TEXT: .text(text(at: place))
        case SQLITE_BLOB: .bytes(bytes(at: place))
        default: .null
        }
    }
}

extension CatalogueError {
    init(_ error: DatabaseError) {
        // A full disk or a full quota, found by a write, by a sync or by the log's index.
        let full: [ResultCode] = [
            .SQLITE_IOERR_WRITE, .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC, .SQLITE_IOERR_TRUNCATE, .SQLITE_IOERR_SHMSIZE
        ]
        self =
            switch error.resultCode {
            case .SQLITE_FULL: .noRoom
            case _ where full.contains(error.extendedResultCode): .noRoom
            case .SQLITE_BUSY, .SQLITE_LOCKED: .busy
            case .SQLITE_INTERRUPT: .interrupted
            case .SQLITE_CONSTRAINT: .constraint("\(error)")
            default: .failed("\(error)")
            }
    }
}
