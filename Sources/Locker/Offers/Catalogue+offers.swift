/// Offers of the operator: what an account was shown and does not want, which goes with its taste, and counts by offer and day, which
/// name no account. See the decision "Offers" of `Gateway`.
extension Catalogue {
    /// Days that it is remembered what an account was shown.
    public static let offerMemory = 90
    /// Offers that an account may have dismissed; the oldest beyond are forgotten.
    private static let mostDismissed = 10_000

    /// Days since 1970, in UTC.
    public var offerDay: Int { CalendarDay.containing(now()) }

    /// Nil if the account does not exist.
    public func offers(account: Int64) async throws -> OfferState? {
        let first = offerDay - Self.offerMemory
        return try await database.read { db in
            let state = try db.first("SELECT offers, taste FROM account WHERE id = ?", [account]) { row in
                OfferState(isOn: row[0], isListener: (row[1] as Int?) != nil, shown: [:], dismissed: [])
            }
            guard var state else { return nil }
            try db.rows("SELECT day, offer, isClicked FROM shownOffer WHERE account = ? AND day > ?", [account, first]) { row in
                state.shown[row[0]] = ShownOffer(id: row[1], isClicked: row[2])
                return true
            }
            state.dismissed = Set(try db.values("SELECT offer FROM dismissedOffer WHERE account = ?", [account]))
            return state
        }
    }

    /// Switches offers on or off for the account. What it has dismissed stays so.
    ///
    /// - Returns: false if the account does not exist.
    public func setOffers(_ isOn: Bool, account: Int64) async throws -> Bool {
        try await change(.account, of: account) { db in
            try db.changes(by: "UPDATE account SET offers = ? WHERE id = ?", [isOn, account]) > 0
        }
    }

    /// Notes that the account was shown an offer today, and counts it: once a day, and no other offer on that day. Nothing is noted or
    /// counted of an account that does not take part.
    public func noteShown(offer: String, account: Int64) async throws {
        let day = offerDay
        try await write { db in
            guard try Self.takesOffers(account, db) else { return }
            let isNew =
                try db.changes(
                    by: "INSERT INTO shownOffer (account, day, offer) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                    [account, day, offer]) > 0
            guard isNew else { return }
            try db.run("DELETE FROM shownOffer WHERE account = ? AND day <= ?", [account, day - Self.offerMemory])
            try db.run(
                """
                INSERT INTO offerCount (day, offer, shown, clicked) VALUES (?, ?, 1, 0)
                ON CONFLICT (day, offer) DO UPDATE SET shown = offerCount.shown + 1
                """, [day, offer])
        }
    }

    /// Counts that the account followed the offer that it was shown today or yesterday, once.
    public func noteClicked(offer: String, account: Int64) async throws {
        let day = offerDay
        try await write { db in
            let shown: Int? = try db.value(
                """
                SELECT max(day) FROM shownOffer WHERE account = ? AND day >= ? AND offer = ? AND isClicked = ?
                """, [account, day - 1, offer, false])
            guard let shown else { return }
            try db.run("UPDATE shownOffer SET isClicked = ? WHERE account = ? AND day = ?", [true, account, shown])
            try db.run("UPDATE offerCount SET clicked = clicked + 1 WHERE day = ? AND offer = ?", [shown, offer])
        }
    }

    /// Does not show the account an offer again.
    ///
    /// - Returns: false if the account does not exist.
    @discardableResult
    public func dismiss(offer: String, account: Int64) async throws -> Bool {
        let now = now()
        return try await change(.account, of: account) { db in
            guard try db.exists("SELECT 1 FROM account WHERE id = ?", [account]) else { return false }
            try db.run(
                "INSERT INTO dismissedOffer (account, offer, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [account, offer, now])
            let count: Int = try db.value("SELECT count(*) FROM dismissedOffer WHERE account = ?", [account]) ?? 0
            guard count > Self.mostDismissed else { return true }
            try db.run(
                """
                DELETE FROM dismissedOffer WHERE (account, offer) IN (
                    SELECT account, offer FROM dismissedOffer WHERE account = ? ORDER BY at, offer LIMIT ?
                )
                """, [account, count - Self.mostDismissed])
            return true
        }
    }

    /// Forgets what all accounts were shown before the days that it is remembered.
    public func forgetShownOffers() async throws {
        let last = offerDay - Self.offerMemory
        try await write(.freeing) { db in try db.run("DELETE FROM shownOffer WHERE day <= ?", [last]) }
    }

    /// Forgets which offers the account has dismissed.
    public func forgetDismissedOffers(account: Int64) async throws {
        try await change(.account, .erasing, of: account) { db in
            try db.run("DELETE FROM dismissedOffer WHERE account = ?", [account])
        }
    }

    /// How often offers were shown and followed, by day and offer.
    ///
    /// - Parameters:
    ///   - last: the last one of the page before; nil for the first page.
    ///   - limit: Clamped to 1...100,000.
    public func offerCounts(after last: OfferCount? = nil, limit: Int = 10_000) async throws -> [OfferCount] {
        try await database.read { db in
            try db.all(
                """
                SELECT day, offer, shown, clicked FROM offerCount WHERE (day, offer) > (?, ?) ORDER BY day, offer LIMIT ?
                """, [last?.day ?? Int.min, last?.offer ?? "", min(max(1, limit), 100_000)]
            ) { OfferCount(day: $0[0], offer: $0[1], shown: $0[2], clicked: $0[3]) }
        }
    }

    /// Forgets what the account was shown and has dismissed. The counts stay: they are not of any account.
    static func eraseOffers(of account: Int64, _ db: any Connection) throws {
        try db.run("DELETE FROM shownOffer WHERE account = ?", [account])
        try db.run("DELETE FROM dismissedOffer WHERE account = ?", [account])
    }

    private static func takesOffers(_ account: Int64, _ db: any Connection) throws -> Bool {
        try db.exists("SELECT 1 FROM account WHERE id = ? AND taste IS NOT NULL AND offers = ?", [account, true])
    }
}
