internal import FoundationEssentials
internal import Synchronization

/// The accounts and their tracks, in one database.
///
/// Every change is one transaction that has reached the disk when its call returns. Several processes may use one catalogue.
public final class Catalogue: Sendable {
    let database: any Database
    let now: @Sendable () -> Int
    let recentTracks = Recent<String, Track>()
    let recentHolders = Recent<[UInt8], Holder>()
    let feed = ChangeFeed()
    let changedTimes = Atomic(0)
    let removedTimes = Atomic(0)
    let removalWatches = RemovalWatches()
    /// Whether anybody asked, since the last look, for what other processes may change.
    let isOfInterest = Atomic(false)
    private let reserve: CatalogueReserve?

    /// Opens the catalogue in an SQLite file, made or brought up to this version's schema where needed. Blocks.
    ///
    /// - Parameters:
    ///   - path: The database file, in a directory that exists.
    ///   - reserve: What is used to give space back on a full disk, and to open the catalogue there.
    /// - Throws: ``LaterCatalogue``, ``CatalogueError/noRoom``, or another ``CatalogueError`` where SQLite fails.
    public convenience init(path: String, reserve: CatalogueReserve? = nil) throws {
        self.init(database: try SQLiteDatabase(path: path, reserve: reserve), reserve: reserve)
    }

    /// - Parameter now: Milliseconds since 1970.
    init(
        database: any Database, reserve: CatalogueReserve? = nil,
        now: @escaping @Sendable () -> Int = { Int(Date.now.timeIntervalSince1970 * 1000) }
    ) {
        (self.database, self.reserve, self.now) = (database, reserve, now)
    }

    /// Runs one transaction after which nothing that is remembered is wrong: see ``Database/write(_:_:)``.
    func write<Value: Sendable>(
        _ purpose: Purpose = .keeping, _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        try await database.write(purpose, body)
    }

    /// Runs one transaction that changes something, which other processes are told of.
    ///
    /// - Parameter account: The only one it is a change for; nil if it may be any.
    func change<Value: Sendable>(
        _ purpose: Purpose = .keeping, _ kind: ChangeKind = .other, of account: Int64?,
        _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        defer { forget(kind) }
        let feed = feed
        return try await write(purpose) { db in
            let value = try body(db)
            if db.hasWritten { try feed.note(kind, of: account, db) }
            return value
        }
    }

    /// Takes as much of the reserve again as there is room for. Blocks for a moment.
    public func restoreReserve() { reserve?.restore() }

    /// Writes everything into the one file and lets go of it, so that a copy of the file is the catalogue. No call may follow; a
    /// second one does nothing.
    ///
    /// Where another process uses the catalogue, the last to close it does this.
    public func close() throws { try database.close() }
}
