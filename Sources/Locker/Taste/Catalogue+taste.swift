/// What is learned of an account's taste, only while the account wants it: a weight for each track, and the tracks that were
/// skipped. See ``TasteGain`` and the decision "Taste".
extension Catalogue {
    /// Nil if the account does not exist.
    public func taste(account: Int64) async throws -> TasteState? {
        try await database.read { try Self.tasteState(of: account, $0) }
    }

    /// Opts the account in or out. Opting in begins with what the account owns, has marked and has heard; opting out erases
    /// every weight, every skip, what was shown and dismissed of offers, and what is hidden that others have, before the call
    /// returns.
    ///
    /// - Returns: nil if the account does not exist.
    @discardableResult
    public func setTaste(_ isOn: Bool, account: Int64) async throws -> TasteState? {
        let now = now()
        return try await change(isOn ? .account : [.account, .erased], isOn ? .keeping : .erasing, of: account) { db in
            guard let former = try Self.tasteState(of: account, db) else { return nil }
            if former.asked == nil { try db.run("UPDATE account SET tasteAsked = ? WHERE id = ?", [now, account]) }
            if isOn, !former.isOn {
                try db.run("UPDATE account SET taste = ? WHERE id = ?", [now, account])
                try Self.rebuildTaste(of: account, at: now, db)
            }
            if !isOn, former.isOn {
                try db.run("UPDATE account SET taste = NULL WHERE id = ?", [account])
                try db.run("DELETE FROM taste WHERE account = ?", [account])
                try db.run("DELETE FROM skip WHERE account = ?", [account])
                try Self.eraseDeletedSkips(of: account, db)
                try db.run(
                    "DELETE FROM hidden WHERE account = ? AND item NOT IN (SELECT id FROM track WHERE account = ?)",
                    [account, account])
            }
            if !isOn { try Self.eraseOffers(of: account, db) }
            return try Self.tasteState(of: account, db)
        }
    }

    /// By what it can be told whether anything that an account's suggestions are made of has changed. Costs no count.
    public func tasteStamp(account: Int64) async throws -> TasteStamp {
        try await database.read { db in
            let stamp = try db.first(
                """
                SELECT libraryChanged, sounds, erasures, taste, plays, skips, (SELECT min(at) FROM play WHERE play.account = account.id),
                    (SELECT max(at) FROM play WHERE play.account = account.id),
                    (SELECT max(at) FROM skip WHERE skip.account = account.id)
                FROM account WHERE id = ?
                """, [account]
            ) { row in
                TasteStamp(
                    library: TasteStamp.Library(changed: row[0], sounds: row[1], erasures: row[2]), since: row[3], plays: row[4],
                    skips: row[5], firstPlay: row[6], lastPlay: row[7], lastSkip: row[8])
            }
            return stamp ?? TasteStamp(library: TasteStamp.Library(changed: 0, sounds: 0, erasures: 0), plays: 0, skips: 0)
        }
    }

    /// The weights of an account's tracks; none unless it is opted in.
    public func tasteRows(account: Int64) async throws -> [TasteRow] {
        try await database.read { db in
            try db.all(
                "SELECT account, track, weight, at FROM taste WHERE account = ? ORDER BY track", [account], TasteRow.init(row:))
        }
    }

    private static func tasteState(of account: Int64, _ db: any Connection) throws -> TasteState? {
        try db.first(
            """
            SELECT taste, tasteAsked, plays, skips, (SELECT count(*) FROM taste WHERE taste.account = account.id)
            FROM account WHERE id = ?
            """, [account]
        ) { TasteState(since: $0[0], asked: $0[1], plays: $0[2], skips: $0[3], tracks: $0[4]) }
    }
}

extension TasteRow {
    fileprivate init(row: Row) { self.init(account: row[0], track: row[1], weight: row[2], at: row[3]) }
}
