internal import Audio

extension Catalogue {
    /// The record of a path, and the track it became, if the locker still has it.
    public struct Known: Sendable, Hashable {
        public var record: ImportRecord
        public var track: Track?
    }

    public func imported(path: [UInt8], account: Int64) async throws -> Known? {
        try await database.read { db in
            try db.first(
                "SELECT \(ImportRecord.selection) FROM imported WHERE account = ? AND path = ?", [account, path],
                ImportRecord.init(row:)
            ).map { try Self.known($0, account: account, db) }
        }
    }

    /// The records of the paths of this very file, unchanged: where it was before it was moved, and its other names. At most
    /// 16.
    public func imported(identity: ImportRecord.Identity, account: Int64) async throws -> [Known] {
        try await database.read { db in
            try db.all(
                """
                SELECT \(ImportRecord.selection) FROM imported
                WHERE account = ? AND inode = ? AND device = ? AND size = ? AND mtime = ? ORDER BY path LIMIT 16
                """,
                [
                    account, Int64(bitPattern: identity.inode), Int64(bitPattern: identity.device), identity.size,
                    identity.modified
                ], ImportRecord.init(row:)
            ).map { try Self.known($0, account: account, db) }
        }
    }

    private static func known(_ record: ImportRecord, account: Int64, _ db: any Connection) throws -> Known {
        guard case .taken(let hash) = record.verdict else { return Known(record: record) }
        return Known(record: record, track: try Self.track(of: hash, account: account, db))
    }

    /// Saves a file's record, over the one of its path. If the file was moved, the record of its old path is removed, and
    /// the track's folder is updated.
    public func note(_ record: ImportRecord, movedFrom old: [UInt8]? = nil, account: Int64) async throws {
        try await change(.library, of: account) { db in
            if let old {
                try Self.forget(path: old, account: account, db)
                if case .taken(let hash) = record.verdict {
                    try Self.relocate(hash, to: record.path, account: account, db)
                }
            }
            try record.save(account: account, db)
        }
    }

    /// Saves the records of several files in one transaction, over those of their paths.
    public func note(_ records: [ImportRecord], account: Int64) async throws {
        try await change([], of: account) { db in
            for record in records { try record.save(account: account, db) }
        }
    }

    /// Forgets paths; their tracks stay.
    public func forget(paths: [[UInt8]], account: Int64) async throws {
        try await change([], .freeing, of: account) { db in
            for path in paths { try Self.forget(path: path, account: account, db) }
        }
    }

    private static func forget(path: [UInt8], account: Int64, _ db: any Connection) throws {
        try db.run("DELETE FROM imported WHERE account = ? AND path = ?", [account, path])
    }

    /// Known paths under a folder in their order: at most `limit`, from the first after `after`.
    public func importedPaths(
        under folder: [UInt8], account: Int64, after: [UInt8]? = nil, limit: Int = 500
    ) async throws -> [[UInt8]] {
        // Everything under a folder lies between its path with a slash and its path with the byte after the slash.
        let (first, end) = (folder + [UInt8(ascii: "/")], folder + [UInt8(ascii: "/") + 1])
        return try await database.read { db in
            try db.values(
                "SELECT path FROM imported WHERE account = ? AND path > ? AND path < ? ORDER BY path LIMIT ?",
                [account, after ?? first, end, limit])
        }
    }

    /// Gives a track the cover and the lyrics that lie beside its file now, if they count: see ``Beside``.
    ///
    /// - Parameter announcement: As in ``add(_:account:settling:announced:)``; not used if the track is gone.
    /// - Returns: Nil if the track is gone.
    public func setBeside(
        _ beside: Beside, of id: String, account: Int64, record: ImportRecord,
        announced announcement: Announcement
    ) async throws -> Addition? {
        let now = now()
        return try await change(.library, of: account) { db in
            guard let track = try Track.one(id, account: account, db) else { return nil }
            try Self.use(announcement, for: [beside.art?.hash], db)
            var addition = Addition(track: track, isNew: false)
            try Self.put(beside, on: &addition, db)
            try record.save(account: account, db)
            try Self.release(addition.released, at: now, db)
            return addition
        }
    }
}
