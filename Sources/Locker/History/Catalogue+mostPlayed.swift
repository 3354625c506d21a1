extension Catalogue {
    /// Milliseconds since 1970 of the account's first play and of its latest; nil if there is none.
    public func playSpan(account: Int64) async throws -> ClosedRange<Int>? {
        try await database.read { db in
            let first: Int? = try db.value("SELECT min(at) FROM play WHERE account = ?", [account])
            let last: Int? = try db.value("SELECT max(at) FROM play WHERE account = ?", [account])
            guard let first, let last, first <= last else { return nil }
            return first...last
        }
    }

    /// How many plays of the account each of these spans has, in milliseconds since 1970.
    public func playCounts(account: Int64, in spans: [Range<Int>]) async throws -> [Int] {
        try await database.read { db in
            try spans.map { span in
                try db.value(
                    "SELECT count(*) FROM play WHERE account = ? AND at >= ? AND at < ?",
                    [account, span.lowerBound, span.upperBound]) ?? 0
            }
        }
    }

    /// The tracks the account played most in a span of time, in milliseconds since 1970.
    public func tracksPlayed(
        account: Int64, in span: Range<Int>, limit: Int
    ) async throws -> [MostPlayed.Counted<Track>] {
        try await database.read { try Self.tracksPlayed(account: account, in: span, limit: limit, $0) }
    }

    /// What the account heard in a span of time, in milliseconds since 1970.
    ///
    /// - Parameter limit: The most tracks, artists and albums.
    public func mostPlayed(account: Int64, in span: Range<Int>, limit: Int = 20) async throws -> MostPlayed {
        let (found, albums) = try await database.read { db in
            var found = MostPlayed()
            let arguments: Arguments = [account, span.lowerBound, span.upperBound]
            let sums = try db.first(
                """
                SELECT count(*), sum(
                    CASE WHEN play.heard < track.samples * 1000 / track.sampleRate THEN play.heard
                        ELSE track.samples * 1000 / track.sampleRate END
                )
                FROM play JOIN track ON track.id = play.track WHERE play.account = ? AND play.at >= ? AND play.at < ?
                """, arguments
            ) { row in (plays: row[0] as Int, heard: row[1] as Int?) }
            (found.plays, found.heard) = (sums?.plays ?? 0, sums?.heard ?? 0)
            found.tracks = try Self.tracksPlayed(account: account, in: span, limit: limit, db)
            found.artists = try db.all(
                Self.counting("artistId", of: "artist", "artist.id, artist.name"), arguments + [limit]
            ) { MostPlayed.Counted(plays: $0[0], item: Credit(id: $0[1], name: $0[2])) }
            let albums = try db.all(Self.counting("albumId", of: "album", "album.id"), arguments + [limit]) {
                (plays: $0[0] as Int, id: $0[1] as String)
            }
            return (found, albums)
        }
        var whole = found
        for entry in albums {
            guard let album = try await album(id: entry.id, account: account) else { continue }
            whole.albums.append(MostPlayed.Counted(plays: entry.plays, item: album))
        }
        return whole
    }

    private static func tracksPlayed(
        account: Int64, in span: Range<Int>, limit: Int, _ db: any Connection
    ) throws -> [MostPlayed.Counted<Track>] {
        let columns = Track.columns.joined(separator: ", ")
        return try db.all(
            """
            SELECT \(columns), counted.plays FROM (
                SELECT track AS id, count(*) AS plays FROM play WHERE account = ? AND at >= ? AND at < ?
                GROUP BY track ORDER BY 2 DESC, 1 LIMIT ?
            ) AS counted JOIN track ON track.id = counted.id ORDER BY counted.plays DESC, counted.id
            """, [account, span.lowerBound, span.upperBound, limit]
        ) { MostPlayed.Counted(plays: $0[Track.columns.count], item: try Track(row: $0)) }
    }

    /// The statement for what the played tracks have in a column that names a row of another table. Tracks without an album or an
    /// artist share rows without a name, which are left out.
    private static func counting(_ column: String, of table: String, _ selection: String) -> String {
        """
        SELECT counted.plays, \(selection) FROM (
            SELECT track.\(column) AS id, count(*) AS plays FROM play JOIN track ON track.id = play.track
            WHERE play.account = ? AND play.at >= ? AND play.at < ? AND track.\(table) <> ''
            GROUP BY track.\(column) ORDER BY 2 DESC, 1 LIMIT ?
        ) AS counted JOIN \(table) ON \(table).id = counted.id AND \(table).name <> '' ORDER BY counted.plays DESC, counted.id
        """
    }
}
