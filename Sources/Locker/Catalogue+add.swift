public import Audio
internal import GRDB

extension Catalogue {
    /// Adds an Original to a locker, in one transaction; the same Original again in the same locker is the track it was.
    ///
    /// - Parameters:
    ///   - fallback: The title where the file's tags have none.
    ///   - files: Puts the Original's files in place, or throws where they are not. Runs inside the transaction, before the row
    ///     is written: no row is ever without its files, and ``whileUnreferenced(_:_:)`` in any process waits.
    /// - Returns: The track, and whether it is new in the locker.
    public func add(
        account: Int64, hash: OriginalHash, map: TrackMap, title fallback: String,
        placing files: @escaping @Sendable () throws -> Void = {}
    ) async throws -> (track: Track, isNew: Bool) {
        let now = now()
        return try await pool.write { db in
            try files()
            let existing = try Row.fetchOne(
                db, sql: "SELECT * FROM track WHERE sha256 = ? AND account = ?", arguments: [hash.databaseValue, account])
            if let existing { return (try Track(row: existing), false) }

            let latest = try Int.fetchOne(db, sql: "SELECT max(added) FROM track WHERE account = ?", arguments: [account])
            var track = Track(map, account: account, hash: hash, title: fallback, added: max(now, (latest ?? 0) + 1))
            track.artistID = try Self.identify("artist", [("account", account), ("name", track.artist)], db)
            let albumArtist = track.albumArtist.isEmpty ? track.artist : track.albumArtist
            let albumArtistID = try Self.identify("artist", [("account", account), ("name", albumArtist)], db)
            track.albumID = try Self.identify(
                "album", [("account", account), ("artistId", albumArtistID), ("name", track.album)], db)
            try track.insert(db)
            return (track, true)
        }
    }

    /// The id of the row of `table` with these values, made where there is none.
    private static func identify(
        _ table: String, _ values: [Database.Field], _ db: Database
    ) throws -> String {
        let conditions = values.map { "\($0.column) = ?" }.joined(separator: " AND ")
        let arguments = StatementArguments(values.map(\.value))
        let found = try String.fetchOne(db, sql: "SELECT id FROM \(table) WHERE \(conditions)", arguments: arguments)
        if let found { return found }
        let id = Identifier.random()
        try db.insert(into: table, [("id", id)] + values)
        return id
    }
}

extension Database {
    typealias Field = (column: String, value: (any DatabaseValueConvertible)?)

    func insert(into table: String, _ values: [Field]) throws {
        let columns = values.map(\.column).joined(separator: ", ")
        let marks = values.map { _ in "?" }.joined(separator: ", ")
        try cachedStatement(sql: "INSERT INTO \(table) (\(columns)) VALUES (\(marks))")
            .execute(arguments: StatementArguments(values.map(\.value)))
    }
}
