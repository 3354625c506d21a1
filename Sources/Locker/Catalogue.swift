internal import FoundationEssentials
internal import GRDB
internal import Glibc
internal import Synchronization

/// The accounts and their tracks, in one SQLite database.
///
/// Every change is one transaction that has reached the disk when its call returns. Several processes may use one catalogue: a
/// writer waits for another's transaction up to ten seconds.
public final class Catalogue: Sendable {
    let pool: DatabasePool
    let now: @Sendable () -> Int
    let recentTracks = Recent<String, Track>()
    let recentHolders = Recent<[UInt8], Holder>()
    let removedTimes = Atomic(0)
    let reserve: CatalogueReserve?
    let isClosed = Atomic(false)

    /// Opens the catalogue, made or brought up to this version's schema where needed. Blocks.
    ///
    /// - Parameters:
    ///   - path: The database file, in a directory that exists.
    ///   - reserve: What is used to give space back on a full disk, and to open the catalogue there.
    /// - Throws: ``LaterCatalogue``, ``CatalogueError/noRoom``, or what SQLite says.
    public convenience init(path: String, reserve: CatalogueReserve? = nil) throws {
        try self.init(path: path, reserve: reserve) { Int(Date.now.timeIntervalSince1970 * 1000) }
    }

    /// - Parameters:
    ///   - now: Milliseconds since 1970.
    ///   - onStatement: Called with every statement that is run.
    init(
        path: String, reserve: CatalogueReserve? = nil, now: @escaping @Sendable () -> Int,
        onStatement: (@Sendable (String) -> Void)? = nil
    ) throws {
        var configuration = Configuration()
        if let onStatement {
            configuration.prepareDatabase { db in db.trace { onStatement("\($0)") } }
        }
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        let configured = configuration
        let opened = try Self.usingReserve(reserve) { try Self.open(path, configured, reserve) }
        (pool, self.reserve, self.now) = (opened, reserve, now)
        reserve?.restore()
    }

    private static func open(
        _ path: String, _ configuration: Configuration, _ reserve: CatalogueReserve?
    ) throws -> DatabasePool {
        try requireKnownSchema(path)
        let pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB leaves the one writing connection at NORMAL, with which a power cut may undo an acknowledged transaction.
        let level = try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            if let pages = reserve?.logPages { try db.execute(sql: "PRAGMA wal_autocheckpoint = \(pages)") }
            return try Int.fetchOne(db, sql: "PRAGMA synchronous")
        }
        guard level == 2 else { throw CatalogueError.corrupt("SQLite does not wait for the disk: synchronous is \(level ?? -1)") }
        try migrator.migrate(pool)
        return pool
    }

    /// A schema is never guessed at: what a later version stored may mean something else by now. Nothing is written before that is known.
    ///
    /// - Throws: ``LaterCatalogue``.
    private static func requireKnownSchema(_ path: String) throws {
        guard access(path, F_OK) == 0 else { return }
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        let file = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? file.close() }
        let known = migrator.migrations
        let applied = try file.read(migrator.appliedIdentifiers)
        let unknown = applied.subtracting(known).sorted()
        guard unknown.isEmpty else {
            throw LaterCatalogue(
                path: path, version: applied.count, unknown: unknown, knownVersion: known.count, lastKnown: known.last ?? "")
        }
    }

    /// The account with this name, made where there is none.
    public func account(named name: String) async throws -> Int64 {
        try await write { db in
            try db.execute(sql: "INSERT INTO account (name) VALUES (?) ON CONFLICT DO NOTHING", arguments: [name])
            let id = try Int64.fetchOne(db, sql: "SELECT id FROM account WHERE name = ?", arguments: [name])
            guard let id else { throw CatalogueError.corrupt("account \(name) is not there after it was made") }
            return id
        }
    }

    /// The one account of a server without accounts.
    public func localAccount() async throws -> Int64 { try await account(named: "local") }
}
