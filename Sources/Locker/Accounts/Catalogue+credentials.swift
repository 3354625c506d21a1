internal import FoundationEssentials

extension Catalogue {
    /// A session ends when it has not been used for this long: 30 days, in milliseconds.
    public static let sessionLifetime = 30 * 24 * 60 * 60 * 1000
    /// The precision of a credential's last use, in milliseconds: writing it costs a transaction.
    static let usePrecision = 60 * 1000

    /// The most addresses remembered per account that it logged in from; the latest ones stay.
    static let mostLoginAddresses = 32

    /// Begins a session of the account.
    ///
    /// - Parameters:
    ///   - mark: 16 bytes that stand for the address the login comes from, so that it is recognised later.
    ///   - client: the program that logs in, in its own words.
    public func beginSession(account: Int64, from mark: [UInt8]? = nil, client: String = "") async throws -> Secret {
        let secret = Secret(prefix: "")
        let now = now()
        try await change(.account, .freeing, of: account) { db in
            try db.run("DELETE FROM session WHERE used < ?", [now - Self.sessionLifetime])
            try db.run(
                "INSERT INTO session (hash, id, account, client, created, used) VALUES (?, ?, ?, ?, ?, ?)",
                [Secret.hash(of: secret.text), Identifier.random(), account, client, now, now])
            if let mark { try Self.know(mark, account: account, now: now, db) }
        }
        return secret
    }

    private static func know(_ mark: [UInt8], account: Int64, now: Int, _ db: any Connection) throws {
        try db.run(
            """
            INSERT INTO loginAddress (account, address, used) VALUES (?, ?, ?)
            ON CONFLICT (account, address) DO UPDATE SET used = excluded.used
            """, [account, mark, now])
        try db.run(
            """
            DELETE FROM loginAddress WHERE account = ? AND address IN (
                SELECT address FROM loginAddress WHERE account = ? ORDER BY used DESC LIMIT ? OFFSET ?
            )
            """, [account, account, Int(Int32.max), mostLoginAddresses])
    }

    /// Ends the session with this secret, if there is one.
    public func endSession(_ text: String) async throws {
        let hash = Secret.hash(of: text)
        let account: Int64? = try await database.read { db in
            try db.value("SELECT account FROM session WHERE hash = ?", [hash])
        }
        try await change([.account, .credentials], .freeing, of: account) { db in
            try db.run("DELETE FROM session WHERE hash = ?", [hash])
        }
    }

    /// One page of the account's sessions, the latest login first.
    ///
    /// - Throws: ``CatalogueError/badCursor``.
    public func sessions(account: Int64, after: String? = nil, limit: Int = 100) async throws -> Page<Session> {
        let oldest = now() - Self.sessionLifetime
        return try await page(of: Self.sessionListing, [account, oldest], after: after, limit: limit) { row in
            Session(
                id: row[0], account: account, created: row[1], used: row[2], client: row[3],
                credential: Self.credential(hash: row[4]))
        }
    }

    static let sessionListing = Listing(
        name: "sessions", selection: ["id", "created", "used", "client", "hash"], source: "session",
        condition: "account = ? AND used >= ?", columns: ["created", "id"], isDescending: true)

    /// Ends one of the account's sessions. Returns false if it has no such session.
    public func endSession(id: String, account: Int64) async throws -> Bool {
        try await change([.account, .credentials], .freeing, of: account) { db in
            try db.changes(by: "DELETE FROM session WHERE id = ? AND account = ?", [id, account]) > 0
        }
    }

    /// As ``Holder/credential``.
    private static func credential(hash: [UInt8]) -> String { Data(hash.prefix(6)).base64EncodedString() }

    /// Makes an API key. Its secret is returned here only.
    public func addKey(account: Int64, label: String, scopes: Scope) async throws -> (key: APIKey, secret: Secret) {
        let secret = Secret(prefix: "sweetspot_")
        let key = APIKey(id: Identifier.random(), label: label, scopes: scopes, created: now())
        try await change(.account, of: account) { db in
            try db.run(
                "INSERT INTO apiKey (id, account, hash, label, scopes, created) VALUES (?, ?, ?, ?, ?, ?)",
                [key.id, account, Secret.hash(of: secret.text), label, scopes.rawValue, key.created])
        }
        return (key, secret)
    }

    /// The account's keys, the latest last.
    public func keys(account: Int64) async throws -> [APIKey] {
        try await database.read { db in
            try db.all(
                "SELECT id, label, scopes, created, used FROM apiKey WHERE account = ? ORDER BY created, id", [account],
                APIKey.init(row:))
        }
    }

    /// Returns false if the account has no such key.
    public func revokeKey(id: String, account: Int64) async throws -> Bool {
        try await change([.account, .credentials], .freeing, of: account) { db in
            try db.changes(by: "DELETE FROM apiKey WHERE id = ? AND account = ?", [id, account]) > 0
        }
    }

    /// The holder of the session with this secret, as of at most a second ago; nil if not found. Changes that this process
    /// made are seen at once.
    public func holder(ofSession text: String) async throws -> Holder? {
        try await holder(
            of: text,
            """
            SELECT account.id, account.plan, 15, session.used FROM session JOIN account ON account.id = session.account
            WHERE session.hash = ? AND session.used >= ?
            """, oldest: now() - Self.sessionLifetime, "UPDATE session SET used = ? WHERE hash = ?")
    }

    /// The holder of the API key with this secret, likewise.
    public func holder(ofKey text: String) async throws -> Holder? {
        try await holder(
            of: text,
            """
            SELECT account.id, account.plan, apiKey.scopes, apiKey.used FROM apiKey JOIN account ON account.id = apiKey.account
            WHERE apiKey.hash = ? AND coalesce(apiKey.used, 0) >= ?
            """, oldest: 0, "UPDATE apiKey SET used = ? WHERE hash = ?")
    }

    /// The holder of a ticket of this account, likewise; nil if the account is gone.
    public func holder(ofAccount id: Int64) async throws -> Holder? {
        try await recentHolders.value(for: Array("\(id)".utf8)) {
            let plan: String? = try await database.read { db in try db.value("SELECT plan FROM account WHERE id = ?", [id]) }
            return plan.map { Holder(account: id, scopes: .stream, plan: $0, credential: "") }
        }
    }

    private func holder(of text: String, _ statement: String, oldest: Int, _ use: String) async throws -> Holder? {
        let hash = Secret.hash(of: text)
        // Sessions and keys are remembered apart: a session's secret is not valid as a key, nor a key as a session's.
        return try await recentHolders.value(for: hash + Array(use.utf8.prefix(16))) {
            let now = now()
            let row = try await database.read { db in
                try db.first(statement, [hash, oldest]) { row in
                    let holder = Holder(
                        account: row[0], scopes: Scope(rawValue: row[2]), plan: row[1],
                        credential: Self.credential(hash: hash))
                    return (holder: holder, used: row[3] ?? 0)
                }
            }
            guard let row else { return nil }
            if now - row.used >= Self.usePrecision {
                // No list shows the last use, so nothing that is remembered changes. On a full disk it is not written, and
                // the account is let in.
                do {
                    try await write { try $0.run(use, [now, hash]) }
                } catch CatalogueError.noRoom {}
            }
            return row.holder
        }
    }
}

extension APIKey {
    fileprivate init(row: Row) {
        self.init(
            id: row[0], label: row[1], scopes: Scope(rawValue: row[2]), created: row[3], used: row[4])
    }
}
