/// What reports for rights holders are made of, and the reports once they are made: see the decision "Report" of `Taste`.
extension Catalogue {
    /// The accounts that are opted in, and when they were made, in milliseconds since 1970.
    public func reportedAccounts() async throws -> [(id: Int64, created: Int)] {
        try await database.read { db in
            try db.all("SELECT id, created FROM account WHERE taste IS NOT NULL ORDER BY id") { (id: $0[0], created: $0[1]) }
        }
    }

    /// What an account played in a time, by track: only since it opted in, and without what it imported. Nothing unless it is opted
    /// in.
    ///
    /// - Parameters:
    ///   - times: milliseconds since 1970.
    ///   - last: the last track of the page before; nil for the first page.
    ///   - limit: tracks; clamped to 1...100,000.
    public func reportedPlays(
        account: Int64, in times: Range<Int>, after last: String? = nil, limit: Int = 10_000
    ) async throws -> [ReportedPlays] {
        try await database.read { db in
            let plays = try db.all(
                """
                SELECT play.track, track.title, track.artist, track.album, track.albumArtist, track.genres, sound.recording,
                    count(*), min(play.at), max(play.at)
                FROM play JOIN account ON account.id = play.account JOIN track ON track.id = play.track
                LEFT JOIN sound ON sound.sha256 = track.sha256
                WHERE play.account = ? AND play.at >= ? AND play.at < ? AND play.at >= account.taste AND play.source <> 'import'
                    AND play.track > ?
                GROUP BY play.track, track.title, track.artist, track.album, track.albumArtist, track.genres, sound.recording
                ORDER BY play.track LIMIT ?
                """, [account, times.lowerBound, times.upperBound, last ?? "", min(max(1, limit), 100_000)]
            ) { row in
                let (first, last): (Int, Int) = (row[8], row[9])
                return ReportedPlays(
                    track: row[0], title: row[1], artist: row[2], artists: [], album: row[3], albumArtist: row[4],
                    genres: try Track.list(row[5]), recording: row[6], count: row[7], times: first...max(first, last))
            }
            return try plays.map { plays in
                var plays = plays
                plays.artists = try db.values(
                    """
                    SELECT artist.name FROM credit JOIN artist ON artist.id = credit.artist
                    WHERE credit.track = ? AND credit.isOfAlbum = ? ORDER BY artist.name
                    """, [plays.track, false])
                return plays
            }
        }
    }

    /// The report of a month, `2026-10`; nil until it is made.
    public func report(ofMonth month: String) async throws -> StoredReport? {
        try await database.read { try Self.report(ofMonth: month, $0) }
    }

    /// How many reports of a year were made in a mode.
    public func reportCount(ofYear year: Int, mode: String) async throws -> Int {
        try await database.read { try Self.reportCount(ofYear: year, mode: mode, $0) }
    }

    /// Stores the report of a month for good, unless it has one.
    ///
    /// - Parameter most: reports of the year and the mode that there may be.
    /// - Returns: the month's report, which another process may have made; nil if the year has as many as there may be.
    public func add(_ report: StoredReport, most: Int) async throws -> StoredReport? {
        let now = now()
        return try await write { db in
            if let made = try Self.report(ofMonth: report.month, db) { return made }
            guard let year = Int(report.month.prefix(4)),
                try Self.reportCount(ofYear: year, mode: report.mode, db) < most
            else { return nil }
            try db.insert(
                into: "report",
                [("month", report.month), ("mode", report.mode), ("document", report.document), ("made", now)])
            return report
        }
    }

    private static func report(ofMonth month: String, _ db: any Connection) throws -> StoredReport? {
        try db.first("SELECT month, mode, document FROM report WHERE month = ?", [month]) {
            StoredReport(month: $0[0], mode: $0[1], document: $0[2])
        }
    }

    private static func reportCount(ofYear year: Int, mode: String, _ db: any Connection) throws -> Int {
        try db.value(
            "SELECT count(*) FROM report WHERE mode = ? AND month >= ? AND month <= ?", [mode, "\(year)-01", "\(year)-12"]) ?? 0
    }
}
