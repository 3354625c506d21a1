internal import FoundationEssentials
internal import GRDB
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

    /// Opens the catalogue, made or brought up to this version's schema where needed. Blocks.
    ///
    /// - Parameter path: The database file, in a directory that exists.
    public convenience init(path: String) throws {
        try self.init(path: path) { Int(Date.now.timeIntervalSince1970 * 1000) }
    }

    /// - Parameters:
    ///   - now: Milliseconds since 1970.
    ///   - onStatement: Called with every statement that is run.
    init(
        path: String, now: @escaping @Sendable () -> Int, onStatement: (@Sendable (String) -> Void)? = nil
    ) throws {
        var configuration = Configuration()
        if let onStatement {
            configuration.prepareDatabase { db in db.trace { onStatement("\($0)") } }
        }
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB leaves the one writing connection at NORMAL, with which a power cut may undo an acknowledged transaction.
        let level = try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            return try Int.fetchOne(db, sql: "PRAGMA synchronous")
        }
        guard level == 2 else { throw CatalogueError.corrupt("SQLite does not wait for the disk: synchronous is \(level ?? -1)") }
        self.now = now
        try Self.migrator.migrate(pool)
    }

    /// Runs one transaction that changes something.
    func change<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        defer {
            recentTracks.change()
            recentHolders.change()
        }
        return try await pool.write(body)
    }

    /// The account with this name, made where there is none.
    public func account(named name: String) async throws -> Int64 {
        try await pool.write { db in
            try db.execute(sql: "INSERT INTO account (name) VALUES (?) ON CONFLICT DO NOTHING", arguments: [name])
            let id = try Int64.fetchOne(db, sql: "SELECT id FROM account WHERE name = ?", arguments: [name])
            guard let id else { throw CatalogueError.corrupt("account \(name) is not there after it was made") }
            return id
        }
    }

    /// The one account of a server without accounts.
    public func localAccount() async throws -> Int64 { try await account(named: "local") }

    /// Writes everything into the one file and lets go of it, so that a copy of the file is the catalogue. No call may follow.
    public func close() throws { try pool.close() }
}
