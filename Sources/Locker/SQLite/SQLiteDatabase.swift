internal import GRDB
internal import Glibc
internal import Synchronization

/// One SQLite file, through GRDB: a connection that writes, and some that read beside it from the write-ahead log.
///
/// Several processes may use one file: a writer waits up to ten seconds for another's transaction.
final class SQLiteDatabase: Database {
    private let pool: DatabasePool
    private let configuration: Configuration
    private let reserve: CatalogueReserve?
    private let isClosed = Atomic(false)
    /// Whether the log may still have pages with what was erased.
    private let hasErased = Atomic(false)

    /// Opens the file, which is made, or brought up to this version's schema, if needed. Blocks.
    ///
    /// - Parameters:
    ///   - path: The database file, in a directory that exists.
    ///   - reserve: Space that is used on a full disk, to give space back and to open the database.
    ///   - last: The last schema change to make; nil for all.
    ///   - onStatement: Called with every statement that is run, those of triggers included.
    /// - Throws: ``LaterCatalogue``, ``CatalogueError/noRoom``, or another ``CatalogueError`` if SQLite fails.
    init(
        path: String, reserve: CatalogueReserve? = nil, upTo last: String? = nil,
        onStatement: (@Sendable (String) -> Void)? = nil
    ) throws {
        self.reserve = reserve
        var configuration = Self.configuration
        if let onStatement {
            configuration.prepareDatabase { db in db.trace { onStatement("\($0)") } }
        }
        self.configuration = configuration
        pool = try Self.usingReserve(reserve) { [configuration] in
            try Self.requireKnownSchema(path)
            return try Self.open(path, configuration, reserve, upTo: last)
        }
        reserve?.restore()
    }

    private static func open(
        _ path: String, _ configuration: Configuration, _ reserve: CatalogueReserve?, upTo last: String?
    ) throws -> DatabasePool {
        let pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB leaves the one writing connection at NORMAL, with which a power cut may undo an acknowledged transaction.
        let level = try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // What is deleted is overwritten with zeros; Debian's SQLite does that without being told.
            try db.execute(sql: "PRAGMA secure_delete = ON")
            if let pages = reserve?.logPages { try db.execute(sql: "PRAGMA wal_autocheckpoint = \(pages)") }
            return try Int.fetchOne(db, sql: "PRAGMA synchronous")
        }
        guard level == 2 else { throw CatalogueError.corrupt("SQLite does not wait for the disk: synchronous is \(level ?? -1)") }
        if let last { try migrator.migrate(pool, upTo: last) } else { try migrator.migrate(pool) }
        return pool
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in
            // SQLite's own 2 MB are too few for the albums and indexes of 100,000 tracks: a page of a list would read its rows from the file.
            try db.execute(sql: "PRAGMA cache_size = -8000")
            db.add(
                function: DatabaseFunction(SQLiteDialect.folding, argumentCount: 1, pure: true) { values in
                    String.fromDatabaseValue(values[0]).map(FoldedText.plain)
                })
        }
        return configuration
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for change in SQLiteSchema.changes {
            migrator.registerMigration(change.name, foreignKeyChecks: change.checksReferencesAtOnce ? .immediate : .deferred) {
                try change.make(SQLiteConnection($0))
            }
        }
        return migrator
    }

    /// Refuses a file that a later version of this program changed, as its data may mean something else. Nothing is written
    /// before that is known.
    ///
    /// - Throws: ``LaterCatalogue``.
    private static func requireKnownSchema(_ path: String) throws {
        guard unsafe access(path, F_OK) == 0 else { return }
        var configuration = configuration
        configuration.readonly = true
        let file = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? file.close() }
        let known = SQLiteSchema.changes.map(\.name)
        let applied = try file.read(migrator.appliedIdentifiers)
        let unknown = applied.subtracting(known).sorted()
        guard unknown.isEmpty else {
            throw LaterCatalogue(
                path: path, version: applied.count, unknown: unknown, knownVersion: known.count, lastKnown: known.last ?? "")
        }
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value {
        do {
            return try await pool.read { try body(SQLiteConnection($0)) }
        } catch let error as DatabaseError {
            throw CatalogueError(error)
        }
    }

    func readAside<Value>(_ body: (any Connection) throws -> Value) throws -> Value {
        var configuration = configuration
        configuration.readonly = true
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA cache_size = -512") }
        do {
            let file = try DatabaseQueue(path: pool.path, configuration: configuration)
            defer { try? file.close() }
            return try file.unsafeRead { try body(SQLiteConnection($0)) }
        } catch let error as DatabaseError {
            throw CatalogueError(error)
        }
    }

    func write<Value: Sendable>(
        _ purpose: Purpose, _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        let value = try await transaction(purpose, body)
        if purpose == .erasing {
            hasErased.store(true, ordering: .relaxed)
            await finishErasing()
        }
        return value
    }

    /// Former contents of the pages that a transaction changed stay in the log until they are overwritten; emptying it ends that.
    func finishErasing() async {
        guard hasErased.exchange(false, ordering: .relaxed) else { return }
        do {
            try await pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        } catch {
            // A reader needs the log. It is tried again later.
            hasErased.store(true, ordering: .relaxed)
        }
    }

    private func transaction<Value: Sendable>(
        _ purpose: Purpose, _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        do {
            return try await transaction(body)
        } catch CatalogueError.noRoom {
            guard purpose != .keeping, let reserve else { throw CatalogueError.noRoom }
            reserve.begin()
            defer {
                // The log's pages go into the file, which frees the log's space for the reserve.
                try? checkpoint()
                reserve.end()
            }
            return try await transaction(body)
        }
    }

    private func transaction<Value: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.write { try body(SQLiteConnection($0)) }
        } catch let error as DatabaseError {
            throw CatalogueError(error)
        }
    }

    /// Writes everything into the one file and closes it, so that a copy of the file is the catalogue.
    ///
    /// If other processes use the file, the last to close it does this.
    func close() throws {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        do {
            try Self.usingReserve(reserve, checkpoint)
        } catch CatalogueError.busy {
            // Another process reads or writes.
        }
        // The readers are closed first: the last connection copies the log into the file, and removes the log, if it may
        // write.
        pool.invalidateReadOnlyConnections()
        try pool.close()
        reserve?.restore()
    }

    /// Copies the write-ahead log into the file and empties the log.
    private func checkpoint() throws {
        try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
    }

    /// Runs `body`. If the disk is full, frees the reserve and runs `body` once more.
    ///
    /// - Throws: ``CatalogueError/noRoom`` if that does not help, and what `body` throws.
    private static func usingReserve<Value>(_ reserve: CatalogueReserve?, _ body: () throws -> Value) throws -> Value {
        func attempt() throws -> Value {
            do {
                return try body()
            } catch let error as DatabaseError {
                throw CatalogueError(error)
            }
        }
        do {
            return try attempt()
        } catch CatalogueError.noRoom {
            guard let reserve else { throw CatalogueError.noRoom }
            reserve.begin()
            defer { reserve.end() }
            return try attempt()
        }
    }
}

extension CatalogueReserve {
    /// How many pages SQLite's log may have before it is emptied into the file: a quarter of the reserve, but at most 1,000.
    /// The log and the growth of the file fit into the reserve together, so that no log is too long to be emptied on a full
    /// disk.
    var logPages: Int { min(1000, max(32, size / 4 / 4096)) }
}
