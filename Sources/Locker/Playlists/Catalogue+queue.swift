extension Catalogue {
    /// The account's queue, without the tracks that were deleted since; nil before the first.
    public func playQueue(account: Int64) async throws -> PlayQueue? {
        try await database.read { try Self.playQueue(account: account, $0) }
    }

    /// One page of the queue's tracks, in its order.
    ///
    /// - Parameter place: How many tracks come before the page; see ``Page/total``.
    /// - Throws: ``CatalogueError/badCursor``.
    public func tracks(
        ofQueue account: Int64, after: String? = nil, at place: Int? = nil, limit: Int = 100
    ) async throws -> Page<Track> {
        try await page(of: Self.queueTrackListing, [account], after: after, at: place, limit: limit, Track.init(row:))
    }

    static let queueTrackListing = Listing(
        name: "queue", selection: Track.columns, source: "playQueueTrack JOIN track ON track.id = playQueueTrack.track",
        keys: "playQueueTrack", condition: "playQueueTrack.account = ?", columns: ["playQueueTrack.position"])

    private static func playQueue(account: Int64, _ db: any Connection) throws -> PlayQueue? {
        let queue = try db.first("SELECT current, milliseconds, changed, changedBy FROM playQueue WHERE account = ?", [account]) {
            row in
            (current: row[0] as Int?, milliseconds: row[1] as Int, changed: row[2] as Int, changedBy: row[3] as String)
        }
        guard let queue else { return nil }
        let tracks = try db.all(
            "SELECT position, track FROM playQueueTrack WHERE account = ? ORDER BY position", [account]
        ) { row in (position: row[0] as Int, id: row[1] as String) }
        let current = queue.current.flatMap { place in tracks.firstIndex { $0.position == place } }
        return PlayQueue(
            tracks: tracks.map(\.id), current: current, position: current == nil ? 0 : queue.milliseconds,
            changed: queue.changed, changedBy: queue.changedBy)
    }

    /// Replaces the account's queue, in one transaction.
    ///
    /// - Parameters:
    ///   - player: the name of the player that saves it; may be empty.
    ///   - isLenient: whether tracks that the account does not have are left out, if there are others.
    ///   - precondition: Given the queue that would be replaced; if it throws, nothing is changed. Two devices that
    ///   check for the same queue cannot both replace it.
    /// - Returns: The queue as ``playQueue(account:)`` has it now.
    /// - Throws: ``CatalogueError/noSuchTrack``, and what `precondition` throws.
    @discardableResult
    public func setPlayQueue(
        tracks: [String], current: Int?, position: Int, by player: String = "", account: Int64,
        leavingOutUnknown isLenient: Bool = false, if precondition: (@Sendable (PlayQueue?) throws -> Void)? = nil
    ) async throws -> PlayQueue {
        let now = now()
        return try await change(.queue, of: account) { db in
            if let precondition { try precondition(Self.playQueue(account: account, db)) }
            try db.upsert(
                into: "playQueue", key: ["account"],
                [
                    ("account", account), ("current", current), ("milliseconds", position), ("changed", now),
                    ("changedBy", player)
                ])
            try db.run("DELETE FROM playQueueTrack WHERE account = ?", [account])
            try Self.insert(tracks, into: "playQueueTrack", ("account", account), account: account, isLenient: isLenient, db)
            if isLenient, let kept = try Self.playQueue(account: account, db) { return kept }
            return PlayQueue(
                tracks: tracks, current: current, position: current == nil ? 0 : position, changed: now, changedBy: player)
        }
    }

    /// Writes a list of the account's tracks, in its order.
    ///
    /// - Parameters:
    ///   - key: the columns that all rows share.
    ///   - isLenient: whether tracks that the account does not have are left out, if there are others.
    /// - Throws: ``CatalogueError/noSuchTrack``.
    static func insert(
        _ tracks: [String], into table: String, _ key: Field..., account: Int64, isLenient: Bool = false, _ db: any Connection
    ) throws {
        let columns = key.map(\.column) + ["position", "track"]
        let marks = key.map { _ in "?, " }.joined()
        let statement = """
            INSERT INTO \(table) (\(columns.joined(separator: ", "))) SELECT \(marks)?, id FROM track WHERE id = ? AND account = ?
            """
        var isAny = tracks.isEmpty
        for (position, track) in tracks.enumerated() {
            let isKnown = try db.changes(by: statement, key.map(\.value) + [position, track, account]) > 0
            guard isKnown || isLenient else { throw CatalogueError.noSuchTrack }
            isAny = isAny || isKnown
        }
        if !isAny { throw CatalogueError.noSuchTrack }
    }
}
