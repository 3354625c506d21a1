internal import FoundationEssentials
internal import GRDB

extension Catalogue {
    /// A session ends when it was not used for as long: 30 days.
    public static let sessionLifetime = 30 * 24 * 60 * 60 * 1000
    /// How exactly the last use is known: writing it costs a transaction.
    private static let usePrecision = 60 * 1000

    /// Begins a session of the account.
    public func beginSession(account: Int64) async throws -> Secret {
        let secret = Secret(prefix: "")
        let now = now()
        try await change(.freeing) { db in
            try db.execute(sql: "DELETE FROM session WHERE used < ?", arguments: [now - Self.sessionLifetime])
            try db.execute(
                sql: "INSERT INTO session (hash, account, created, used) VALUES (?, ?, ?, ?)",
                arguments: [Secret.hash(of: secret.text).databaseBytes, account, now, now])
        }
        return secret
    }

    /// Ends the session, if it is one.
    public func endSession(_ text: String) async throws {
        try await change(.freeing) { db in
            try db.execute(sql: "DELETE FROM session WHERE hash = ?", arguments: [Secret.hash(of: text).databaseBytes])
        }
    }

    /// Makes an API key. Its secret is not known afterwards.
    public func addKey(account: Int64, label: String, scopes: Scope) async throws -> (key: APIKey, secret: Secret) {
        let secret = Secret(prefix: "sweetspot_")
        let key = APIKey(id: Identifier.random(), label: label, scopes: scopes, created: now())
        try await change { db in
            try db.execute(
                sql: "INSERT INTO apiKey (id, account, hash, label, scopes, created) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [key.id, account, Secret.hash(of: secret.text).databaseBytes, label, scopes.rawValue, key.created])
        }
        return (key, secret)
    }

    /// The account's keys, the latest last.
    public func keys(account: Int64) async throws -> [APIKey] {
        try await pool.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM apiKey WHERE account = ? ORDER BY created, id", arguments: [account])
                .map(APIKey.init(row:))
        }
    }

    /// False where the account has no such key.
    public func revokeKey(id: String, account: Int64) async throws -> Bool {
        try await change(.freeing) { db in
            try db.execute(sql: "DELETE FROM apiKey WHERE id = ? AND account = ?", arguments: [id, account])
            return db.changesCount > 0
        }
    }

    /// Whose session `text` is, as was known at most a second ago; what this process changed is seen at once.
    public func holder(ofSession text: String) async throws -> Holder? {
        try await holder(
            of: text,
            """
            SELECT account.id, account.plan, 15 AS scopes, session.used FROM session JOIN account ON account.id = session.account
            WHERE session.hash = ? AND session.used >= ?
            """, oldest: now() - Self.sessionLifetime, "UPDATE session SET used = ? WHERE hash = ?")
    }

    /// Whose API key `text` is, likewise.
    public func holder(ofKey text: String) async throws -> Holder? {
        try await holder(
            of: text,
            """
            SELECT account.id, account.plan, apiKey.scopes, apiKey.used FROM apiKey JOIN account ON account.id = apiKey.account
            WHERE apiKey.hash = ? AND ifnull(apiKey.used, 0) >= ?
            """, oldest: 0, "UPDATE apiKey SET used = ? WHERE hash = ?")
    }

    /// What the account may do with a ticket, likewise; nil where it is gone.
    public func holder(ofAccount id: Int64) async throws -> Holder? {
        try await recentHolders.value(for: Array("\(id)".utf8)) {
            let plan = try await pool.read { db in
                try String.fetchOne(db, sql: "SELECT plan FROM account WHERE id = ?", arguments: [id])
            }
            return plan.map { Holder(account: id, scopes: .stream, plan: $0, credential: "") }
        }
    }

    private func holder(of text: String, _ statement: String, oldest: Int, _ use: String) async throws -> Holder? {
        let hash = Secret.hash(of: text)
        // A session's secret is no key, nor a key a session's.
        return try await recentHolders.value(for: hash + Array(use.utf8.prefix(16))) {
            let now = now()
            let row = try await pool.read { db -> (holder: Holder, used: Int)? in
                let row = try Row.fetchOne(db, sql: statement, arguments: [hash.databaseBytes, oldest])
                return row.map {
                    (
                        Holder(
                            account: $0["id"], scopes: Scope(rawValue: $0["scopes"]), plan: $0["plan"],
                            credential: Data(hash.prefix(6)).base64EncodedString()), $0["used"] ?? 0
                    )
                }
            }
            guard let row else { return nil }
            if now - row.used >= Self.usePrecision {
                // Nothing that a list shows, so nothing that is remembered changes. A full disk shuts out no account.
                do {
                    try await write { try $0.execute(sql: use, arguments: [now, hash.databaseBytes]) }
                } catch CatalogueError.noRoom {}
            }
            return row.holder
        }
    }
}

extension [UInt8] {
    fileprivate var databaseBytes: DatabaseValue { Data(self).databaseValue }
}

extension APIKey {
    fileprivate init(row: Row) {
        self.init(
            id: row["id"], label: row["label"], scopes: Scope(rawValue: row["scopes"]), created: row["created"], used: row["used"]
        )
    }
}
