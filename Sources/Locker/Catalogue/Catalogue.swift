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
    let knownPlaces = KnownPlaces()
    /// The loudness of albums; nil for an album of which nothing is measured.
    let knownLoudness = Remembered<String, AlbumLoudness?>(most: 50_000)
    /// When the share ends that offers a track, in milliseconds since 1970.
    let recentShares = Recent<String, Int>()
    /// By a hash of the name.
    let recentAppLogins = Recent<[UInt8], AppLogin>()
    /// By the mark of the text.
    let recentAppPasswords = Recent<[UInt8], AppLogin.Candidate>()
    /// When the last use was written, by the password's id.
    let recentAppUses = Recent<String, Int>()
    let smartLists = SmartLists()
    let feed = ChangeFeed()
    let changedTimes = Atomic(0)
    let removedTimes = Atomic(0)
    let removalWatches = RemovalWatches()
    let accountWatches = AccountWatches()
    let erasureWatches = Mutex<[@Sendable (Int64?) -> Void]>([])
    /// Whether anything that other processes may change was asked for since the last look.
    let isOfInterest = Atomic(false)
    private let reserve: CatalogueReserve?

    /// Opens the catalogue in an SQLite file, which is made, or brought up to this version's schema, if needed. Blocks.
    ///
    /// - Parameters:
    ///   - path: The database file, in a directory that exists.
    ///   - reserve: Space that is used on a full disk, to give space back and to open the catalogue.
    /// - Throws: ``LaterCatalogue``, ``CatalogueError/noRoom``, or another ``CatalogueError`` if SQLite fails.
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

    /// Milliseconds since 1970, by the clock that rows are written by.
    public var time: Int { now() }

    /// Runs one transaction after which everything that is remembered is still right: see ``Database/write(_:_:)``.
    func write<Value: Sendable>(
        _ purpose: Purpose = .keeping, _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        try await database.write(purpose, body)
    }

    /// Runs one transaction, and tells all processes of its change.
    ///
    /// - Parameters:
    ///   - subjects: Empty if no client shows what changes.
    ///   - account: The only account that the change concerns; nil if it may concern any.
    func change<Value: Sendable>(
        _ subjects: ChangeSubjects, _ purpose: Purpose = .keeping, _ kind: ChangeKind = .other, of account: Int64?,
        _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        try await change(subjects, purpose, kind, ofEach: [account], body)
    }

    /// As ``change(_:_:_:of:_:)``, of several accounts.
    func change<Value: Sendable>(
        _ subjects: ChangeSubjects, _ purpose: Purpose = .keeping, _ kind: ChangeKind = .other, ofEach accounts: [Int64?],
        _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value {
        defer {
            if kind != .other || subjects.isEmpty || !subjects.isSubset(of: .unremembered) { forget(kind) }
            for account in accounts {
                smartLists.note(subjects, of: account)
                // Former members would tell of what is gone.
                if kind != .other || purpose == .erasing { smartLists.forget(account: account) }
                if subjects.contains(.erased) { tellErased(account) }
            }
        }
        let (feed, now) = (feed, now())
        return try await write(purpose) { db in
            let value = try body(db)
            if db.hasWritten {
                for account in accounts {
                    if subjects.contains(.library) { try Self.noteLibraryChange(of: account, at: now, db) }
                    try feed.note(kind, subjects, of: account, db)
                }
            }
            return value
        }
    }

    /// Takes back as much of the reserve as there is room for. Blocks for a moment.
    public func restoreReserve() { reserve?.restore() }

    /// Removes from the database's log what was erased while another reader needed it.
    public func finishErasing() async { await database.finishErasing() }

    /// Writes everything into the one file and closes it, so that a copy of the file is the catalogue. No other call may
    /// follow; a second close does nothing.
    ///
    /// If other processes use the catalogue, the last to close it does this.
    public func close() throws { try database.close() }
}
