extension Catalogue {
    /// The account with this name; made if it does not exist.
    public func account(named name: String) async throws -> Int64 {
        try await write { db in
            try db.run("INSERT INTO account (name) VALUES (?) ON CONFLICT DO NOTHING", [name])
            let id: Int64? = try db.value("SELECT id FROM account WHERE name = ?", [name])
            guard let id else { throw CatalogueError.corrupt("account \(name) is not there after it was made") }
            return id
        }
    }

    /// The one account of a server without accounts.
    public func localAccount() async throws -> Int64 { try await account(named: "local") }

    /// All accounts, by name.
    public func accounts() async throws -> [Account] {
        try await database.read { db in
            let order = db.dialect.caseless("account.name")
            return try db.all("\(Self.accountStatement) ORDER BY \(order)", [], Account.init(row:))
        }
    }

    /// The account with this name, compared without case; nil if not found.
    public func findAccount(named name: String) async throws -> Account? {
        try await database.read { db in
            try db.first("\(Self.accountStatement) WHERE \(Self.isNamed(db))", [name], Account.init(row:))
        }
    }

    public func account(id: Int64) async throws -> Account? {
        try await database.read { db in
            try db.first("\(Self.accountStatement) WHERE account.id = ?", [id], Account.init(row:))
        }
    }

    /// Whether any account can log in.
    public func hasAccounts() async throws -> Bool {
        try await database.read { db in
            try Self.hasLogin(db)
        }
    }

    /// The SQL condition that an account's name equals the next argument, compared without case.
    private static func isNamed(_ db: any Connection) -> String {
        "\(db.dialect.caseless("account.name")) = \(db.dialect.caseless("?"))"
    }

    private static func hasLogin(_ db: any Connection) throws -> Bool {
        try db.exists("SELECT 1 FROM account WHERE password IS NOT NULL LIMIT 1")
    }

    /// The plans that accounts are on.
    public func plansInUse() async throws -> Set<String> {
        try await database.read { db in Set(try db.values("SELECT DISTINCT plan FROM account") as [String]) }
    }

    /// Makes an account. If the account exists without a password, it gets this one: so the account of `--open` and
    /// `--token` keeps its music.
    ///
    /// - Parameter isFirst: whether the account has to be the first that can log in.
    /// - Throws: ``CatalogueError/nameTaken``, also if it is not the first.
    public func addAccount(
        named name: String, password: PasswordHash, plan: String, isFirst: Bool = false
    ) async throws -> Int64 {
        let now = now()
        return try await change([], of: nil) { db in
            if isFirst, try Self.hasLogin(db) { throw CatalogueError.nameTaken }
            let known = try db.first(
                "SELECT id, password IS NULL FROM account WHERE \(Self.isNamed(db))", [name]
            ) { row in (id: row[0] as Int64, isFree: row[1] as Bool) }
            if let known {
                guard known.isFree else { throw CatalogueError.nameTaken }
                try db.run("UPDATE account SET password = ?, plan = ? WHERE id = ?", [password.text, plan, known.id])
                return known.id
            }
            let id: Int64? = try db.value(
                "INSERT INTO account (name, password, plan, created) VALUES (?, ?, ?, ?) RETURNING id",
                [name, password.text, plan, now])
            guard let id else { throw CatalogueError.corrupt("account \(name) has no id") }
            return id
        }
    }

    /// Returns false if the account does not exist.
    public func setPlan(_ plan: String, account: Int64) async throws -> Bool {
        try await change(.account, of: account) { db in
            try db.changes(by: "UPDATE account SET plan = ? WHERE id = ?", [plan, account]) > 0
        }
    }

    /// The id and the password hash of the account with this name; nil if it does not exist or cannot log in.
    ///
    /// - Parameter mark: stands for the address that the login comes from; see ``beginSession(account:from:)``.
    /// - Returns: also whether an earlier login came from that address.
    public func password(
        ofAccountNamed name: String, from mark: [UInt8]? = nil
    ) async throws -> (account: Int64, hash: PasswordHash, isFromKnownAddress: Bool)? {
        try await database.read { db in
            try db.first(
                """
                SELECT id, password, EXISTS (SELECT 1 FROM loginAddress WHERE loginAddress.account = account.id AND address = ?)
                FROM account WHERE \(Self.isNamed(db)) AND password IS NOT NULL
                """, [mark, name]
            ) { ($0[0], PasswordHash(stored: $0[1]), $0[2]) }
        }
    }

    /// Removes the account with all its rows, and returns the tracks it had. The files stay: see
    /// ``released(before:limit:)``.
    public func removeAccount(id: Int64) async throws -> [Track] {
        let now = now()
        // No row may name the account afterwards, not even in the feed of changes.
        defer { tellErased(id) }
        return try await change([.credentials, .erased], .erasing, .accountRemoved, of: nil) { db in
            let tracks = try Track.all(where: "account = ?", [id], db)
            try db.run("DELETE FROM track WHERE account = ?", [id])
            try db.run("DELETE FROM account WHERE id = ?", [id])
            try db.run("UPDATE catalogueChange SET account = NULL, subjects = 0 WHERE account = ?", [id])
            try Self.release(tracks.flatMap(\.stored), at: now, db)
            return tracks
        }
    }

    private static let accountStatement = """
        SELECT account.id, account.name, account.plan, account.created, account.tracks, account.bytes, account.password IS NOT NULL
        FROM account
        """
}

extension Account {
    fileprivate init(row: Row) {
        self.init(
            id: row[0], name: row[1], plan: row[2], created: row[3], tracks: row[4], bytes: row[5], hasPassword: row[6])
    }
}
