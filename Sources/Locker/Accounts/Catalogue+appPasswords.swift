internal import Crypto

extension Catalogue {
    /// The most app passwords of an account. All of them are compared with every proof.
    public static let mostAppPasswords = 32

    /// Makes an app password. Its text is returned here only.
    ///
    /// - Throws: ``CatalogueError/tooManyAppPasswords``.
    public func addAppPassword(
        account: Int64, label: String, seal: AppPasswordSeal
    ) async throws -> (password: AppPassword, text: String) {
        let text = AppPasswordSeal.newText()
        let password = AppPassword(id: Identifier.random(), label: label, created: now())
        let sealed = try seal.seal(text, of: password.id)
        let mark = seal.mark(of: text)
        try await change(.account, of: account) { db in
            let count: Int? = try db.value("SELECT count(*) FROM appPassword WHERE account = ?", [account])
            guard count ?? 0 < Self.mostAppPasswords else { throw CatalogueError.tooManyAppPasswords }
            try db.run(
                "INSERT INTO appPassword (id, account, mark, sealed, label, created) VALUES (?, ?, ?, ?, ?, ?)",
                [password.id, account, mark, sealed, label, password.created])
        }
        return (password, text)
    }

    /// The account's app passwords, the latest last.
    public func appPasswords(account: Int64) async throws -> [AppPassword] {
        try await database.read { db in
            try db.all(
                "SELECT id, label, created, used FROM appPassword WHERE account = ? ORDER BY created, id", [account]
            ) { AppPassword(id: $0[0], label: $0[1], created: $0[2], used: $0[3]) }
        }
    }

    /// Returns false if the account has no such app password.
    public func revokeAppPassword(id: String, account: Int64) async throws -> Bool {
        try await change([.account, .credentials], .freeing, of: account) { db in
            try db.changes(by: "DELETE FROM appPassword WHERE id = ? AND account = ?", [id, account]) > 0
        }
    }

    /// The holder of the app password of this name that `matches` accepts, as of at most a second ago; nil if there is none.
    /// Changes that this process made are seen at once.
    ///
    /// - Parameter matches: whether a client's proof is one of a password's text. It is asked about as many texts whatever the
    ///   name, until it accepts one.
    /// - Returns: also the account of the name, whether or not a password matches.
    public func holder(
        ofAppPasswordNamed name: String, seal: AppPasswordSeal, where matches: (String) -> Bool
    ) async throws -> (holder: Holder?, account: Int64?) {
        // Names that no account has are remembered too: to find one again takes as long as to find an account.
        let login = try await recentAppLogins.value(for: Array(SHA256.hash(data: Array(name.utf8)))) {
            try await appLogin(of: name, seal)
        }
        guard let login else { return (nil, nil) }
        guard let found = login.candidate(where: matches) else { return (nil, login.account) }
        try await noteUse(ofAppPassword: found.id, last: found.used)
        return (found.holder, login.account)
    }

    /// The holder of the app password with this text, likewise, whatever the account's name.
    public func holder(ofAppPassword text: String, seal: AppPasswordSeal) async throws -> Holder? {
        let mark = seal.mark(of: text)
        let found = try await recentAppPasswords.value(for: mark) {
            try await database.read { db in
                try db.first(
                    """
                    SELECT account.id, account.plan, appPassword.id, appPassword.used
                    FROM appPassword JOIN account ON account.id = appPassword.account WHERE appPassword.mark = ?
                    """, [mark]
                ) { row in
                    let id: String = row[2]
                    return AppLogin.Candidate(
                        holder: Self.appHolder(account: row[0], plan: row[1], password: id), id: id, text: "", used: row[3] ?? 0)
                }
            }
        }
        guard let found else { return nil }
        try await noteUse(ofAppPassword: found.id, last: found.used)
        return found.holder
    }

    private func appLogin(of name: String, _ seal: AppPasswordSeal) async throws -> AppLogin {
        let rows = try await database.read { db in
            try db.all(
                """
                SELECT account.id, account.plan, appPassword.id, appPassword.sealed, appPassword.used
                FROM account LEFT JOIN appPassword ON appPassword.account = account.id
                WHERE \(db.dialect.caseless("account.name")) = \(db.dialect.caseless("?"))
                """, [name]
            ) { row in
                (
                    account: row[0] as Int64, plan: row[1] as String, id: row[2] as String?, sealed: row[3] as [UInt8]?,
                    used: row[4] as Int?
                )
            }
        }
        var candidates = rows.compactMap { row -> AppLogin.Candidate? in
            guard let id = row.id, let sealed = row.sealed, let text = seal.open(sealed, of: id) else { return nil }
            return AppLogin.Candidate(
                holder: Self.appHolder(account: row.account, plan: row.plan, password: id), id: id, text: text,
                used: row.used ?? 0)
        }
        while candidates.count < Self.mostAppPasswords, let text = seal.openNothing() {
            candidates.append(AppLogin.Candidate(text: text))
        }
        return AppLogin(candidates: candidates, account: rows.first?.account)
    }

    private static func appHolder(account: Int64, plan: String, password id: String) -> Holder {
        Holder(account: account, scopes: AppPassword.scopes, plan: plan, credential: id)
    }

    private func noteUse(ofAppPassword id: String, last: Int) async throws {
        guard now() - last >= Self.usePrecision else { return }
        // What is remembered still has the use before this one: it is written once, not at every request.
        _ = try await recentAppUses.value(for: id) {
            let now = now()
            // On a full disk it is not written, and the account is let in.
            do {
                try await write { try $0.run("UPDATE appPassword SET used = ? WHERE id = ?", [now, id]) }
            } catch CatalogueError.noRoom {}
            return now
        }
    }
}
