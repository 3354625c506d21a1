internal import GRDB
internal import Synchronization

extension Catalogue {
    /// All accounts, by name.
    public func accounts() async throws -> [Account] {
        try await pool.read { db in
            try Row.fetchAll(db, sql: Self.accountStatement + " GROUP BY account.id ORDER BY account.name COLLATE NOCASE")
                .map(Account.init(row:))
        }
    }

    /// The account of this name, however its letters are cased.
    public func findAccount(named name: String) async throws -> Account? {
        try await pool.read { db in
            try Row.fetchOne(
                db, sql: Self.accountStatement + " WHERE account.name = ? COLLATE NOCASE GROUP BY account.id", arguments: [name]
            )
            .map(Account.init(row:))
        }
    }

    public func account(id: Int64) async throws -> Account? {
        try await pool.read { db in
            try Row.fetchOne(db, sql: Self.accountStatement + " WHERE account.id = ? GROUP BY account.id", arguments: [id])
                .map(Account.init(row:))
        }
    }

    /// Whether anybody can log in.
    public func hasAccounts() async throws -> Bool {
        try await pool.read { db in
            try Self.hasLogin(db)
        }
    }

    private static func hasLogin(_ db: Database) throws -> Bool {
        try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM account WHERE password IS NOT NULL)") ?? false
    }

    /// The plans that accounts are on.
    public func plansInUse() async throws -> Set<String> {
        try await pool.read { db in try String.fetchSet(db, sql: "SELECT DISTINCT plan FROM account") }
    }

    /// Makes an account, or gives the one that has no password its first: that of `--open` and `--token` keeps its music.
    ///
    /// - Parameter isFirst: whether it has to be the first that can log in.
    /// - Throws: ``CatalogueError/nameTaken``, also where it is not the first.
    public func addAccount(
        named name: String, password: PasswordHash, plan: String, isFirst: Bool = false
    ) async throws -> Int64 {
        let now = now()
        return try await change { db in
            if isFirst, try Self.hasLogin(db) { throw CatalogueError.nameTaken }
            let known = try Row.fetchOne(
                db, sql: "SELECT id, password FROM account WHERE name = ? COLLATE NOCASE", arguments: [name])
            if let known {
                guard known["password"] == nil as String? else { throw CatalogueError.nameTaken }
                let id: Int64 = known["id"]
                try db.execute(
                    sql: "UPDATE account SET password = ?, plan = ? WHERE id = ?", arguments: [password.text, plan, id])
                return id
            }
            try db.execute(
                sql: "INSERT INTO account (name, password, plan, created) VALUES (?, ?, ?, ?)",
                arguments: [name, password.text, plan, now])
            return db.lastInsertedRowID
        }
    }

    /// False where there is no such account.
    public func setPlan(_ plan: String, account: Int64) async throws -> Bool {
        try await change { db in
            try db.execute(sql: "UPDATE account SET plan = ? WHERE id = ?", arguments: [plan, account])
            return db.changesCount > 0
        }
    }

    /// What the account's password is kept as, and its number; nil where there is none of that name, or it cannot log in.
    public func password(ofAccountNamed name: String) async throws -> (account: Int64, hash: PasswordHash)? {
        try await pool.read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT id, password FROM account WHERE name = ? COLLATE NOCASE AND password IS NOT NULL",
                arguments: [name])
            return row.map { ($0["id"], PasswordHash(stored: $0["password"])) }
        }
    }

    /// Removes the account and all rows of it, and returns the tracks it had. The files stay: see ``released(before:limit:)``.
    public func removeAccount(id: Int64) async throws -> [Track] {
        let now = now()
        defer { removedTimes.add(1, ordering: .relaxed) }
        return try await change(.freeing) { db in
            let tracks = try Track.all(where: "account = ?", [id], db)
            try db.execute(sql: "DELETE FROM track WHERE account = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM account WHERE id = ?", arguments: [id])
            try Self.release(tracks.flatMap(\.stored), at: now, db)
            return tracks
        }
    }

    private static let accountStatement = """
        SELECT account.*, count(track.id) AS tracks
        FROM account LEFT JOIN track ON track.account = account.id
        """
}

extension Account {
    fileprivate init(row: Row) {
        self.init(
            id: row["id"], name: row["name"], plan: row["plan"], created: row["created"], tracks: row["tracks"],
            bytes: row["bytes"],
            hasPassword: row["password"] != nil as String?)
    }
}
