internal import GRDB

/// What somebody was about to hear, to go on with on another device.
public struct PlayQueue: Sendable, Hashable {
    /// Ids of tracks, in their order.
    public var tracks: [String]
    /// The place in `tracks` of the one that was playing.
    public var current: Int?
    /// Where in it, in milliseconds.
    public var position: Int
    /// Milliseconds since 1970.
    public var changed: Int

    public static let mostTracks = 10_000
}

extension Catalogue {
    /// The account's queue, without the tracks that were deleted since; nil before the first.
    public func playQueue(account: Int64) async throws -> PlayQueue? {
        try await pool.read { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM playQueue WHERE account = ?", arguments: [account]) else {
                return nil
            }
            let tracks = try Row.fetchAll(
                db, sql: "SELECT position, track FROM playQueueTrack WHERE account = ? ORDER BY position", arguments: [account])
            let current = (row["current"] as Int?).flatMap { place in tracks.firstIndex { $0["position"] == place } }
            return PlayQueue(
                tracks: tracks.map { $0["track"] }, current: current, position: current == nil ? 0 : row["milliseconds"],
                changed: row["changed"])
        }
    }

    /// Keeps another queue.
    ///
    /// - Throws: ``CatalogueError/noSuchTrack``.
    public func setPlayQueue(tracks: [String], current: Int?, position: Int, account: Int64) async throws {
        let now = now()
        // Nothing that is remembered changes.
        try await write { db in
            try db.insert(
                into: "playQueue",
                [("account", account), ("current", current), ("milliseconds", position), ("changed", now)], orReplace: true)
            try db.execute(sql: "DELETE FROM playQueueTrack WHERE account = ?", arguments: [account])
            try Self.insert(tracks, into: "playQueueTrack", ("account", account), account: account, db)
        }
    }

    /// Writes an order of the account's tracks.
    ///
    /// - Parameter key: what the rows have in common.
    /// - Throws: ``CatalogueError/noSuchTrack``.
    static func insert(
        _ tracks: [String], into table: String, _ key: Database.Field..., account: Int64, _ db: Database
    ) throws {
        let columns = key.map(\.column) + ["position", "track"]
        let marks = key.map { _ in "?, " }.joined()
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO \(table) (\(columns.joined(separator: ", "))) SELECT \(marks)?, id FROM track WHERE id = ? AND account = ?
                """)
        for (position, track) in tracks.enumerated() {
            let values: [(any DatabaseValueConvertible)?] = key.map(\.value) + [position, track, account]
            try statement.execute(arguments: StatementArguments(values))
            guard db.changesCount > 0 else { throw CatalogueError.noSuchTrack }
        }
    }
}
