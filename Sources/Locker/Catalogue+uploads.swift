internal import GRDB

extension Catalogue {
    /// How long an unfinished upload waits for more, and what came of a finished one is known: 24 hours.
    public static let uploadLifetime = 24 * 60 * 60 * 1000
    /// Unfinished uploads of an account: each is a file.
    private static let mostUploads = 1000

    /// Begins an upload. Room is kept for it until it is stored, refused or removed: the account's tracks and all that is kept
    /// never exceed the quota, whoever asks at once.
    ///
    /// - Parameters:
    ///   - id: as ``Identifier/random()`` gives it.
    ///   - quota: bytes; nil without end.
    /// - Throws: ``CatalogueError/overQuota``, ``CatalogueError/tooManyUploads``.
    public func beginUpload(
        _ plan: UploadRecord.Plan, id: String, account: Int64, quota: Int?
    ) async throws -> UploadRecord {
        let record = UploadRecord(
            id: id, account: account, plan: plan, offset: 0, state: .receiving, expires: now() + Self.uploadLifetime)
        // Nothing that is remembered changes, here and in what follows.
        try await write { db in
            let open = try Row.fetchOne(
                db,
                sql: """
                    SELECT account.bytes, count(upload.id) AS uploads, ifnull(sum(upload.length), 0) AS kept
                    FROM account LEFT JOIN upload ON upload.account = account.id AND upload.state IN ('receiving', 'checking')
                    WHERE account.id = ? GROUP BY account.id
                    """, arguments: [account])
            guard let open else { throw CatalogueError.overQuota }
            guard open["uploads"] < Self.mostUploads else { throw CatalogueError.tooManyUploads }
            if let quota {
                let used: Int = open["bytes"] + open["kept"]
                guard plan.length <= quota, used <= quota - plan.length else { throw CatalogueError.overQuota }
            }
            try db.insert(
                into: "upload",
                [
                    ("id", id), ("account", account), ("name", plan.name), ("length", plan.length), ("offset", 0),
                    ("isCompact", plan.isCompact), ("isResumable", plan.isResumable), ("state", "receiving"),
                    ("expires", record.expires)
                ])
        }
        return record
    }

    /// The account's upload with this id.
    public func upload(id: String, account: Int64) async throws -> UploadRecord? {
        try await pool.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM upload WHERE id = ? AND account = ?", arguments: [id, account])
                .map(UploadRecord.init(row:))
        }
    }

    /// Notes that the first `offset` bytes are on the disk. An offset never goes back.
    ///
    /// - Parameter isComplete: whether that is all of it: it is being checked from now on.
    /// - Returns: false where the upload receives nothing any more.
    public func advanceUpload(_ id: String, to offset: Int, isComplete: Bool = false) async throws -> Bool {
        let expires = now() + Self.uploadLifetime
        return try await write { db in
            try db.execute(
                sql: """
                    UPDATE upload SET offset = max(offset, ?), state = ?, expires = ? WHERE id = ? AND state = 'receiving'
                    """,
                arguments: [offset, isComplete ? "checking" : "receiving", expires, id])
            return db.changesCount > 0
        }
    }

    /// Notes why an upload was not taken in, and gives back the room kept for it.
    public func refuseUpload(_ id: String, kind: String, reason: String) async throws {
        let expires = now() + Self.uploadLifetime
        try await write(.freeing) { db in
            try db.execute(
                sql: "UPDATE upload SET state = 'refused', kind = ?, reason = ?, expires = ? WHERE id = ?",
                arguments: [kind, reason, expires, id])
        }
    }

    /// Forgets an upload, and gives back the room kept for it. Doing so again does nothing.
    public func removeUpload(_ id: String) async throws {
        try await write(.freeing) { try $0.execute(sql: "DELETE FROM upload WHERE id = ?", arguments: [id]) }
    }

    /// Forgets an upload that has not ended, and gives back the room kept for it.
    public func removeOpenUpload(_ id: String) async throws {
        try await write(.freeing) {
            try $0.execute(
                sql: "DELETE FROM upload WHERE id = ? AND state IN ('receiving', 'checking')", arguments: [id])
        }
    }

    /// The uploads that are being received or checked, and have a file.
    public func openUploads() async throws -> [UploadRecord] {
        try await pool.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM upload WHERE state IN ('receiving', 'checking') ORDER BY account, id")
                .map(UploadRecord.init(row:))
        }
    }

    /// Whether the upload is being received or checked.
    public func isOpen(upload id: String) async throws -> Bool {
        try await pool.read { db in
            try Row.fetchOne(
                db, sql: "SELECT 1 FROM upload WHERE id = ? AND state IN ('receiving', 'checking')", arguments: [id]) != nil
        }
    }

    /// Forgets the finished uploads whose time has come, and returns the unfinished ones that end now unless a request writes or
    /// checks them, which their files' locks tell: those whose time has come, those that cannot be gone on with, and those that are whole.
    public func expireUploads() async throws -> [UploadRecord] {
        let now = now()
        return try await write(.freeing) { db in
            try db.execute(
                sql: "DELETE FROM upload WHERE expires <= ? AND state NOT IN ('receiving', 'checking')", arguments: [now])
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM upload WHERE state = 'receiving' AND (expires <= ? OR NOT isResumable) OR state = 'checking'
                    """, arguments: [now]
            ).map(UploadRecord.init(row:))
        }
    }

    /// Notes what became of an upload, in the transaction that made it so.
    static func settle(upload id: String, track: String, expires: Int, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE upload SET state = 'stored', track = ?, expires = ? WHERE id = ?", arguments: [track, expires, id])
    }
}

extension UploadRecord {
    fileprivate init(row: Row) throws {
        let state: State =
            switch row["state"] as String {
            case "receiving": .receiving
            case "checking": .checking
            case "stored": .stored(track: row["track"])
            case "refused": .refused(kind: row["kind"], reason: row["reason"])
            case let other: throw CatalogueError.corrupt("upload.state \(other)")
            }
        self.init(
            id: row["id"], account: row["account"],
            plan: Plan(
                name: row["name"], length: row["length"], isCompact: row["isCompact"], isResumable: row["isResumable"]),
            offset: row["offset"], state: state, expires: row["expires"])
    }
}
