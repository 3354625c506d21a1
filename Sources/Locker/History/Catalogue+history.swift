extension Catalogue {
    /// Notes that the track was heard. The same track at the same time again is the same play, whose stop may be told later.
    ///
    /// If too little was heard for a play, none is noted, and one that was noted is taken back; if it was left before a fifth and
    /// the account lets its taste be learned, a skip is.
    ///
    /// - Parameters:
    ///   - time: milliseconds since 1970; nil for now.
    ///   - stop: milliseconds of the track at which the play stopped; nil if that is not known.
    ///   - heard: milliseconds of sound that were heard; nil if that is not known.
    ///   - count: How many of the account's plays, and of its skips, to keep; the oldest beyond that are forgotten. Nil keeps
    ///     all.
    /// - Returns: false if the account has no such track.
    @discardableResult
    public func markPlayed(
        id: String, account: Int64, at time: Int? = nil, stopped stop: Int? = nil, heard: Int? = nil,
        source: PlaySource = .unknown, keeping count: Int? = nil
    ) async throws -> Bool {
        let time = time ?? now()
        return try await change(.history, of: account) { db in
            let length = try db.first("SELECT samples, sampleRate FROM track WHERE id = ? AND account = ?", [id, account]) {
                Track.milliseconds(samples: $0[0], rate: $0[1])
            }
            guard let length else { return false }
            let report = PlayReport(
                account: account, track: id, duration: length, at: time, stopped: stop, heard: heard, source: source)
            if try Self.complete(report, db) { return true }
            guard TasteGain.counts(heard: heard, of: length) else {
                try Self.addSkip(report, keeping: count, db)
                return true
            }
            try Self.takeBackSkip(report, db)
            if try Self.isForgotten("play", at: time, keeping: count, account: account, db) { return true }
            try Self.add(report, db)
            if let count { try Self.forget("play", beyond: count, account: account, db) }
            return true
        }
    }

    /// What a player says of a play. All times are milliseconds.
    struct PlayReport {
        var account: Int64
        /// A track of the account.
        var track: String
        var duration: Int
        var at: Int
        var stopped: Int?
        var heard: Int?
        var source: PlaySource
    }

    /// Adds what a report says to the play that it is about.
    ///
    /// - Returns: false if there is no such play, or none any more.
    private static func complete(_ report: PlayReport, _ db: any Connection) throws -> Bool {
        let key: Arguments = [report.account, report.at, report.track]
        let known = try db.first("SELECT heard FROM play WHERE account = ? AND at = ? AND track = ?", key) { $0[0] as Int? }
        guard let known else { return false }
        guard report.stopped != nil || report.heard != nil else { return true }
        if !TasteGain.counts(heard: report.heard, of: report.duration) {
            try takeBackPlay(report, heard: known, db)
            return false
        }
        try db.run(
            """
            UPDATE play SET stopped = coalesce(?, stopped), heard = coalesce(?, heard),
                source = CASE source WHEN '' THEN ? ELSE source END
            WHERE account = ? AND at = ? AND track = ?
            """, [report.stopped, report.heard, report.source.rawValue] + key)
        return true
    }

    /// Adds a play that is not known yet.
    static func add(_ report: PlayReport, _ db: any Connection) throws {
        try db.run(
            "INSERT INTO play (account, at, track, stopped, heard, source) VALUES (?, ?, ?, ?, ?, ?)",
            [report.account, report.at, report.track, report.stopped, report.heard, report.source.rawValue])
        try db.run(
            "UPDATE track SET plays = plays + 1, played = CASE WHEN played < ? THEN ? ELSE played END WHERE id = ?",
            [report.at, report.at, report.track])
        try addScrobbles(of: report, db)
        guard try learnsTaste(of: report.account, db),
            try countsToday("play", report.track, of: report.account, at: report.at, db)
        else { return }
        let gain = TasteGain.ofPlay(heard: report.heard, of: report.duration)
        try addTaste(gain, for: report.track, of: report.account, at: report.at, db)
    }

    /// Removes a play of which too little turned out to be heard.
    private static func takeBackPlay(_ report: PlayReport, heard: Int?, _ db: any Connection) throws {
        let key: Arguments = [report.account, report.at, report.track]
        if try learnsTaste(of: report.account, db),
            try countsToday("play", report.track, of: report.account, at: report.at, db)
        {
            let gain = TasteGain.ofPlay(heard: heard, of: report.duration)
            try addTaste(-gain, for: report.track, of: report.account, at: report.at, db)
        }
        try db.run("DELETE FROM play WHERE account = ? AND at = ? AND track = ?", key)
        try db.run(
            "UPDATE track SET plays = CASE WHEN plays > 0 THEN plays - 1 ELSE 0 END WHERE account = ? AND id = ?",
            [report.account, report.track])
        try forgetPlayed(of: report.account, in: report.at..<report.at + 1, db)
    }

    /// Removes a skip that turned out to be a play.
    private static func takeBackSkip(_ report: PlayReport, _ db: any Connection) throws {
        let key: Arguments = [report.account, report.at, report.track]
        guard try db.changes(by: "DELETE FROM skip WHERE account = ? AND at = ? AND track = ?", key) > 0,
            try countsToday("skip", report.track, of: report.account, at: report.at, db)
        else { return }
        try addTaste(-TasteGain.skipped, for: report.track, of: report.account, at: report.at, db)
    }

    private static func addSkip(_ report: PlayReport, keeping count: Int?, _ db: any Connection) throws {
        guard let heard = report.heard, TasteGain.isSkip(heard: heard, of: report.duration),
            try learnsTaste(of: report.account, db),
            try !isForgotten("skip", at: report.at, keeping: count, account: report.account, db)
        else { return }
        let added = try db.changes(
            by: "INSERT INTO skip (account, at, track, heard, source) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [report.account, report.at, report.track, heard, report.source.rawValue])
        guard added > 0 else { return }
        if try countsToday("skip", report.track, of: report.account, at: report.at, db) {
            try addTaste(TasteGain.skipped, for: report.track, of: report.account, at: report.at, db)
        }
        if let count { try forget("skip", beyond: count, account: report.account, db) }
    }

    /// Whether as many are kept as may be, all of them later. One that is forgotten at once would count each time it is told.
    ///
    /// - Parameter table: `play` or `skip`.
    private static func isForgotten(
        _ table: String, at time: Int, keeping count: Int?, account: Int64, _ db: any Connection
    ) throws -> Bool {
        guard let count else { return false }
        let rows: Int = try db.value("SELECT \(table)s FROM account WHERE id = ?", [account]) ?? 0
        guard rows >= count else { return false }
        let first: Int? = try db.value("SELECT min(at) FROM \(table) WHERE account = ?", [account])
        return first.map { time < $0 } ?? false
    }

    /// Forgets the account's oldest plays, or skips, until `count` are left. Triggers keep the count, so a new one need not
    /// count those before it.
    ///
    /// - Parameter table: `play` or `skip`; an account has a column of its plural.
    static func forget(_ table: String, beyond count: Int, account: Int64, _ db: any Connection) throws {
        let rows: Int = try db.value("SELECT \(table)s FROM account WHERE id = ?", [account]) ?? 0
        guard rows > count else { return }
        try db.run(
            """
            DELETE FROM \(table) WHERE (account, at, track) IN (
                SELECT account, at, track FROM \(table) WHERE account = ? ORDER BY at, track LIMIT ?
            )
            """, [account, rows - count])
    }

    /// One page of what the account has heard, the latest first.
    ///
    /// - Parameters:
    ///   - after: A page's `next`.
    ///   - limit: Clamped to 1...500.
    /// - Throws: ``CatalogueError/badCursor``.
    public func history(account: Int64, after: String? = nil, limit: Int = 100) async throws -> Page<Play> {
        try await page(of: Self.historyListing, [account], after: after, limit: limit) { row in
            let place = Track.columns.count
            return Play(
                at: row[place], stopped: row[place + 1], heard: row[place + 2], source: PlaySource(stored: row[place + 3]),
                track: try Track(row: row))
        }
    }

    /// One page of the account's skips, the latest first; none unless it lets its taste be learned.
    ///
    /// - Parameters: as for ``history(account:after:limit:)``.
    /// - Throws: ``CatalogueError/badCursor``.
    public func skips(account: Int64, after: String? = nil, limit: Int = 100) async throws -> Page<Skip> {
        try await page(of: Self.skipListing, [account], after: after, limit: limit) { row in
            Skip(at: row[0], heard: row[1], source: PlaySource(stored: row[2]), track: row[3])
        }
    }

    static let historyListing = Listing(
        name: "history", selection: Track.columns + ["play.at", "play.stopped", "play.heard", "play.source"],
        source: "play JOIN track ON track.id = play.track",
        condition: "play.account = ?", columns: ["play.at", "play.track"], isDescending: true)

    static let skipListing = Listing(
        name: "skips", selection: ["at", "heard", "source", "track"], source: "skip", condition: "account = ?",
        columns: ["at", "track"], isDescending: true)
}

extension PlaySource {
    init(stored text: String) { self = PlaySource(rawValue: text) ?? .unknown }
}
