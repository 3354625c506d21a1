extension Catalogue {
    /// How long an unfinished upload waits for more bytes, and how long the outcome of a finished one is kept: 24 hours, in
    /// milliseconds.
    public static let uploadLifetime = 24 * 60 * 60 * 1000
    /// The most unfinished uploads of an account: each is a file.
    private static let mostUploads = 1000

    /// Begins an upload, and reserves room for it until it is stored, refused or removed. The account's tracks and all
    /// reserved room never exceed the quota together, however many requests come at once.
    ///
    /// - Parameters:
    ///   - id: as ``Identifier/random()`` gives it.
    ///   - quota: bytes; nil for no limit.
    /// - Throws: ``CatalogueError/overQuota``, ``CatalogueError/tooManyUploads``.
    public func beginUpload(
        _ declaration: UploadRecord.Declaration, id: String, account: Int64, quota: Int?
    ) async throws -> UploadRecord {
        let record = UploadRecord(
            id: id, account: account, declaration: declaration, offset: 0, state: .receiving,
            expires: now() + Self.uploadLifetime)
        try await change(.uploads, of: account) { db in
            let usage = try Self.usage(account, db)
            guard usage.uploads < Self.mostUploads else { throw CatalogueError.tooManyUploads }
            try usage.requireRoom(for: declaration.length, quota: quota)
            try db.insert(
                into: "upload",
                [
                    ("id", id), ("account", account), ("name", declaration.name), ("length", declaration.length),
                    ("\"offset\"", 0), ("isCompact", declaration.isCompact), ("isResumable", declaration.isResumable),
                    ("state", "receiving"),
                    ("expires", record.expires)
                ])
        }
        return record
    }

    /// What an account has of its quota.
    struct Usage {
        /// Of its tracks.
        var bytes: Int
        /// How many are unfinished, and the bytes reserved for them.
        var uploads: Int
        var reserved: Int

        /// - Parameter quota: bytes; nil for no limit.
        /// - Throws: ``CatalogueError/overQuota``.
        func requireRoom(for more: Int, quota: Int?) throws(CatalogueError) {
            guard let quota else { return }
            guard more <= quota, bytes + reserved <= quota - more else { throw .overQuota }
        }
    }

    /// - Throws: ``CatalogueError/overQuota`` if there is no such account.
    static func usage(_ account: Int64, _ db: any Connection) throws -> Usage {
        let usage = try db.first(
            """
            SELECT account.bytes, count(upload.id), coalesce(sum(upload.length), 0)
            FROM account LEFT JOIN upload ON upload.account = account.id AND upload.state IN ('receiving', 'checking')
            WHERE account.id = ? GROUP BY account.id
            """, [account]
        ) { Usage(bytes: $0[0], uploads: $0[1], reserved: $0[2]) }
        guard let usage else { throw CatalogueError.overQuota }
        return usage
    }

    /// The account's upload with this id.
    public func upload(id: String, account: Int64) async throws -> UploadRecord? {
        try await database.read { db in
            try db.first(
                "SELECT \(UploadRecord.selection) FROM upload WHERE id = ? AND account = ?", [id, account],
                UploadRecord.init(row:))
        }
    }

    /// Notes that the first `offset` bytes are on the disk. An offset never goes back.
    ///
    /// - Parameter isComplete: whether these are all its bytes; it is then being checked.
    /// - Returns: false if the upload receives nothing any more.
    public func advanceUpload(_ id: String, to offset: Int, isComplete: Bool = false) async throws -> Bool {
        let expires = now() + Self.uploadLifetime
        let feed = feed
        return try await write { db in
            let account: Int64? = try db.value(
                """
                UPDATE upload
                SET "offset" = CASE WHEN upload.offset < ? THEN ? ELSE upload.offset END, state = ?, expires = ?
                WHERE id = ? AND state = 'receiving' RETURNING account
                """, [offset, offset, isComplete ? "checking" : "receiving", expires, id])
            if isComplete, let account { try feed.note(.other, .uploads, of: account, db) }
            return account != nil
        }
    }

    /// Notes why an upload was not taken in, and frees the room reserved for it.
    public func refuseUpload(_ id: String, kind: String, reason: String) async throws {
        let expires = now() + Self.uploadLifetime
        try await changeUploads(
            "UPDATE upload SET state = 'refused', kind = ?, reason = ?, expires = ? WHERE id = ?", [kind, reason, expires, id])
    }

    /// Forgets an upload, and frees the room reserved for it. Doing so again does nothing.
    public func removeUpload(_ id: String) async throws {
        try await changeUploads("DELETE FROM upload WHERE id = ?", [id])
    }

    /// Forgets an upload that has not ended, and frees the room reserved for it.
    public func removeOpenUpload(_ id: String) async throws {
        try await changeUploads("DELETE FROM upload WHERE id = ? AND state IN ('receiving', 'checking')", [id])
    }

    /// Runs a statement that changes uploads, and tells their accounts.
    private func changeUploads(_ statement: String, _ arguments: Arguments) async throws {
        let feed = feed
        try await write(.freeing) { db in try Self.changeUploads(statement, arguments, feed, db) }
    }

    private static func changeUploads(
        _ statement: String, _ arguments: Arguments, _ feed: ChangeFeed, _ db: any Connection
    ) throws {
        let accounts: [Int64] = try db.values("\(statement) RETURNING account", arguments)
        for account in Set(accounts) { try feed.note(.other, .uploads, of: account, db) }
    }

    /// The uploads that are being received or checked, and have a file.
    public func openUploads() async throws -> [UploadRecord] {
        try await database.read { db in
            try db.all(
                """
                SELECT \(UploadRecord.selection) FROM upload WHERE state IN ('receiving', 'checking') ORDER BY account, id
                """, [], UploadRecord.init(row:))
        }
    }

    /// Whether the upload is being received or checked.
    public func isOpen(upload id: String) async throws -> Bool {
        try await database.read { db in
            try db.exists("SELECT 1 FROM upload WHERE id = ? AND state IN ('receiving', 'checking')", [id])
        }
    }

    /// Forgets the finished uploads that have expired. Returns the unfinished uploads that end now unless a request writes
    /// or checks them, which the locks of their files tell: those that have expired, those that are not resumable, and those
    /// that are complete.
    public func expireUploads() async throws -> [UploadRecord] {
        let now = now()
        let feed = feed
        return try await write(.freeing) { db in
            try Self.changeUploads(
                "DELETE FROM upload WHERE expires <= ? AND state NOT IN ('receiving', 'checking')", [now], feed, db)
            return try db.all(
                """
                SELECT \(UploadRecord.selection) FROM upload
                WHERE state = 'receiving' AND (expires <= ? OR isResumable = 0) OR state = 'checking'
                """, [now], UploadRecord.init(row:))
        }
    }

    /// Notes that an upload is stored, in the transaction that writes its track.
    static func settle(upload id: String, track: String, expires: Int, _ db: any Connection) throws {
        try db.run("UPDATE upload SET state = 'stored', track = ?, expires = ? WHERE id = ?", [track, expires, id])
    }
}

extension UploadRecord {
    fileprivate static let selection = """
        upload.id, upload.account, upload.name, upload.length, upload.isCompact, upload.isResumable, upload.offset, upload.expires,
        upload.state, upload.track, upload.kind, upload.reason
        """

    /// - Parameter row: has the columns of ``selection``.
    fileprivate init(row: Row) throws {
        let state: State =
            switch row[8] as String {
            case "receiving": .receiving
            case "checking": .checking
            case "stored": .stored(track: row[9])
            case "refused": .refused(kind: row[10], reason: row[11])
            case let other: throw CatalogueError.corrupt("upload.state \(other)")
            }
        self.init(
            id: row[0], account: row[1],
            declaration: Declaration(name: row[2], length: row[3], isCompact: row[4], isResumable: row[5]),
            offset: row[6], state: state, expires: row[7])
    }
}
