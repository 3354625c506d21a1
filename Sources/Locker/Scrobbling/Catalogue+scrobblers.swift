/// Plays on their way to ListenBrainz and Last.fm: noted in the transaction of the play, and removed when the service has taken
/// them. See the decision "Scrobbling".
extension Catalogue {
    /// Plays that wait for one service of one account at most; the oldest beyond them are not told.
    public static let mostScrobbles = 10_000
    /// Milliseconds; tracks that are not longer are not told.
    private static let shortestScrobble = 30_000

    /// Ties the account to a service from now on, or gives it another token. What waits is sent with it.
    ///
    /// - Parameter name: of the listener there.
    public func setScrobbler(
        _ service: ScrobbleService, name: String, token: String, account: Int64, seal: AppPasswordSeal
    ) async throws {
        let now = now()
        let sealed = try seal.seal(token, of: Self.sealing(service, account))
        try await change(.account, of: account) { db in
            try db.run(
                """
                INSERT INTO scrobbler (account, service, name, sealed, since) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (account, service)
                DO UPDATE SET name = excluded.name, sealed = excluded.sealed, fault = NULL, failures = 0, due = 0
                """, [account, service.rawValue, name, sealed, now])
        }
    }

    /// Erases the scrobbler, its token and what waits. Returns false if there is none.
    @discardableResult
    public func removeScrobbler(_ service: ScrobbleService, account: Int64) async throws -> Bool {
        try await change(.account, .erasing, of: account) { db in
            try db.changes(by: "DELETE FROM scrobbler WHERE account = ? AND service = ?", [account, service.rawValue]) > 0
        }
    }

    public func scrobblers(account: Int64) async throws -> [Scrobbler] {
        try await database.read { db in
            try db.all(
                "SELECT service, name, since, fault, sent, waiting FROM scrobbler WHERE account = ? ORDER BY service DESC",
                [account]
            ) { row in
                guard let service = ScrobbleService(rawValue: row[0]) else { throw CatalogueError.corrupt("service") }
                return Scrobbler(
                    service: service, name: row[1], since: row[2], fault: row[3], sent: row[4], waiting: row[5])
            }
        }
    }

    /// Notes that the account's services have to be told of a play.
    static func addScrobbles(of report: PlayReport, _ db: any Connection) throws {
        guard report.source != .import, report.duration > shortestScrobble else { return }
        let ties = try db.all("SELECT service, waiting FROM scrobbler WHERE account = ?", [report.account]) {
            (service: $0[0] as String, waiting: $0[1] as Int)
        }
        for (service, waiting) in ties {
            try db.run(
                "INSERT INTO scrobble (account, service, at, track) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                [report.account, service, report.at, report.track])
            guard waiting >= mostScrobbles else { continue }
            try db.run(
                """
                DELETE FROM scrobble WHERE (account, service, at, track) IN (
                    SELECT account, service, at, track FROM scrobble WHERE account = ? AND service = ?
                    ORDER BY at, track LIMIT ?
                )
                """, [report.account, service, waiting + 1 - mostScrobbles])
        }
    }

    /// The accounts that have plays to be sent to a service now, the longest due first.
    public func scrobblersDue(for service: ScrobbleService, limit: Int = 1000) async throws -> [Int64] {
        let now = now()
        return try await database.read { db in
            try db.values(
                """
                SELECT account FROM scrobbler
                WHERE service = ? AND waiting > 0 AND fault IS NULL AND due <= ? ORDER BY due LIMIT ?
                """, [service.rawValue, now, limit])
        }
    }

    /// The earliest plays that a service has to be told; nil if there are none.
    public func scrobbles(
        for service: ScrobbleService, account: Int64, limit: Int, seal: AppPasswordSeal
    ) async throws -> ScrobbleBatch? {
        let place = Self.sealing(service, account)
        return try await database.read { db in
            let scrobbler = try db.first(
                "SELECT sealed, failures FROM scrobbler WHERE account = ? AND service = ? AND fault IS NULL",
                [account, service.rawValue]
            ) { (sealed: $0[0] as [UInt8], failures: $0[1] as Int) }
            guard let scrobbler else { return nil }
            let plays = try db.all(
                """
                SELECT scrobble.at, track.id, title, artist, album, albumArtist, samples, sampleRate, musicBrainz, release
                FROM scrobble JOIN track ON track.id = scrobble.track
                WHERE scrobble.account = ? AND service = ? ORDER BY scrobble.at, scrobble.track LIMIT ?
                """, [account, service.rawValue, limit]
            ) { row in
                ScrobbledPlay(
                    at: row[0], track: row[1], title: row[2], artist: row[3], album: row[4], albumArtist: row[5],
                    duration: Track.milliseconds(samples: row[6], rate: row[7]), recording: row[8], release: row[9])
            }
            guard !plays.isEmpty else { return nil }
            return ScrobbleBatch(
                account: account, service: service, token: seal.open(scrobbler.sealed, of: place), failures: scrobbler.failures,
                plays: plays)
        }
    }

    /// Forgets plays that a service has taken, or refuses for good.
    ///
    /// - Parameter count: how many of them it has taken.
    public func endScrobbles(
        _ plays: [ScrobbledPlay], taken count: Int, for service: ScrobbleService, account: Int64
    ) async throws {
        try await write { db in
            for play in plays {
                try db.run(
                    "DELETE FROM scrobble WHERE account = ? AND service = ? AND at = ? AND track = ?",
                    [account, service.rawValue, play.at, play.track])
            }
            try db.run(
                "UPDATE scrobbler SET sent = sent + ?, failures = 0, due = 0 WHERE account = ? AND service = ?",
                [count, account, service.rawValue])
        }
    }

    /// Notes that a service could not be told, and when to try again.
    ///
    /// - Parameter time: milliseconds since 1970.
    public func postponeScrobbles(until time: Int, for service: ScrobbleService, account: Int64) async throws {
        try await write { db in
            try db.run(
                "UPDATE scrobbler SET failures = failures + 1, due = ? WHERE account = ? AND service = ?",
                [time, account, service.rawValue])
        }
    }

    /// Sends nothing more until the account gives another token.
    ///
    /// - Parameter fault: a sentence for people.
    public func stopScrobbles(for service: ScrobbleService, account: Int64, fault: String) async throws {
        try await change(.account, of: account) { db in
            try db.run(
                "UPDATE scrobbler SET fault = ? WHERE account = ? AND service = ?", [fault, account, service.rawValue])
        }
    }

    /// Tells a token's text from app passwords and other accounts' tokens, so that it opens as none of them.
    private static func sealing(_ service: ScrobbleService, _ account: Int64) -> String {
        "scrobbler \(service.rawValue) \(account)"
    }
}
