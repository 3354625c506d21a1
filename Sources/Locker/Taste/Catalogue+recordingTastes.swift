public import Audio

extension Catalogue {
    /// The accounts that are opted in, and since when, in milliseconds since 1970: the id of an account that is gone may be given to
    /// another.
    public func listeners() async throws -> [Int64: Int] {
        try await database.read { db in
            let rows = try db.all("SELECT id, taste FROM account WHERE taste IS NOT NULL") { ($0[0] as Int64, $0[1] as Int) }
            return Dictionary(rows) { first, _ in first }
        }
    }

    /// What the accounts that are opted in like, by account and track, of recordings that are known; without what they skip more than they
    /// hear, and what they hide.
    ///
    /// - Parameters:
    ///   - last: that of the page before; nil for the first page.
    ///   - limit: Clamped to 1...100,000.
    /// - Returns: a page, and its last account and track; nil after the last page.
    public func recordingTastes(
        after last: (account: Int64, track: String)?, limit: Int = 10_000
    ) async throws -> (tastes: [RecordingTaste], last: (account: Int64, track: String)?) {
        let limit = min(max(1, limit), 100_000)
        return try await database.read { db in
            var (tastes, end): ([RecordingTaste], (Int64, String)?) = ([], nil)
            tastes.reserveCapacity(limit)
            var count = 0
            try db.rows(
                """
                SELECT account, recording, weight, at, track FROM taste
                WHERE (account, track) > (?, ?) AND weight > 0 AND recording IS NOT NULL ORDER BY account, track LIMIT ?
                """, [last?.account ?? 0, last?.track ?? "", limit]
            ) { row in
                tastes.append(RecordingTaste(account: row[0], recording: row[1], weight: row[2], at: row[3]))
                count += 1
                if count == limit { end = (row[0], row[4]) }
                return true
            }
            var hidden: [Int64: Set<Int64>] = [:]
            try db.rows(
                "SELECT account, recording FROM hidden WHERE account >= ? AND account <= ? AND recording IS NOT NULL",
                [tastes.first?.account ?? 0, tastes.last?.account ?? -1]
            ) { row in
                hidden[row[0], default: []].insert(row[1])
                return true
            }
            if !hidden.isEmpty { tastes.removeAll { hidden[$0.account]?.contains($0.recording) == true } }
            return (tastes, end)
        }
    }

    /// The names that the artists of recordings are ordered by, in lockers of accounts that are opted in: equal for one artist in all
    /// lockers whose tags agree. Empty for those that no such track is of any more.
    public func artistOrders(ofRecordings recordings: [Int64]) async throws -> [String] {
        try await database.read { db in
            try recordings.map { recording in
                try db.value(
                    """
                    SELECT track.artistOrder FROM sound JOIN track ON track.sha256 = sound.sha256
                        JOIN account ON account.id = track.account
                    WHERE sound.recording = ? AND account.taste IS NOT NULL
                    ORDER BY sound.sha256, track.account LIMIT 1
                    """, [recording]) ?? ""
            }
        }
    }

    /// All tracks of an account's locker.
    public func ownTracks(account: Int64) async throws -> [OwnTrack] {
        try await database.read { db in
            try db.all(
                """
                SELECT track.id, sound.recording, track.artistOrder, track.artistId, track.albumId, track.genres,
                    track.samples, track.sampleRate, track.played, track.title
                FROM track LEFT JOIN sound ON sound.sha256 = track.sha256 WHERE track.account = ? ORDER BY track.id
                """, [account]
            ) { row in
                let genres = try Track.list(row[5])
                return OwnTrack(
                    id: row[0], recording: row[1], artist: row[2], artistID: row[3], albumID: row[4], genres: genres,
                    duration: Double(row[6] as Int) / Double(max(1, row[7] as Int)),
                    played: row[8], title: row[9])
            }
        }
    }

    /// What most of the listeners who have a recording call it, if at least `count` of them agree: a title that only one locker has is
    /// never shown to another.
    ///
    /// - Parameter time: milliseconds since 1970; accounts that opted in later, and tracks that were added later, do not count.
    public func commonName(ofRecording recording: Int64, agreed count: Int, until time: Int = .max) async throws -> CommonName? {
        try await database.read { db in
            let found = """
                FROM sound JOIN track ON track.sha256 = sound.sha256 JOIN account ON account.id = track.account
                WHERE sound.recording = ? AND account.taste <= ? AND track.added <= ?
                """
            let named = try db.first(
                """
                SELECT track.title, track.artist, count(DISTINCT track.account), min(track.genres), min(sound.milliseconds)
                \(found) GROUP BY track.title, track.artist ORDER BY 3 DESC, 1, 2 LIMIT 1
                """, [recording, time, time]
            ) { row in
                let genres = try Track.list(row[3])
                return (
                    name: CommonName(title: row[0], artist: row[1], album: "", genres: genres, milliseconds: row[4]),
                    accounts: row[2] as Int
                )
            }
            guard let named, named.accounts >= count else { return nil }
            var name = named.name
            let album = try db.first(
                """
                SELECT track.album, count(DISTINCT track.account) \(found) AND track.title = ? AND track.artist = ?
                GROUP BY track.album ORDER BY 2 DESC, 1 LIMIT 1
                """, [recording, time, time, name.title, name.artist]
            ) { (album: $0[0] as String, accounts: $0[1] as Int) }
            if let album, album.accounts >= count { name.album = album.album }
            return name
        }
    }

    /// The recording that an Original is an encode of; nil until its sound is measured.
    public func recording(of hash: OriginalHash) async throws -> Int64? {
        try await database.read { db in try db.value("SELECT recording FROM sound WHERE sha256 = ?", [hash]) }
    }

    /// The times and tracks of the account's latest plays, the oldest of them first.
    public func latestPlays(account: Int64, limit: Int) async throws -> [(at: Int, track: String)] {
        try await database.read { db in
            try db.all(
                "SELECT at, track FROM play WHERE account = ? ORDER BY at DESC, track DESC LIMIT ?", [account, limit]
            ) { (at: $0[0], track: $0[1]) }.reversed()
        }
    }

    /// The account's tracks with these ids, in the order of the ids; those that do not exist are left out.
    public func tracks(ids: [String], account: Int64) async throws -> [Track] {
        try await database.read { db in try ids.compactMap { try Track.one($0, account: account, db) } }
    }

    /// What the tracks of an account's locker sound like, by their ids; without those that are not measured.
    public func ownSounds(account: Int64) async throws -> [String: SoundFeatures] {
        try await database.read { db in
            var sounds: [String: SoundFeatures] = [:]
            try db.rows(
                """
                SELECT track.id, sound.features FROM track JOIN sound ON sound.sha256 = track.sha256
                WHERE track.account = ? AND sound.features IS NOT NULL
                """, [account]
            ) { row in
                sounds[row[0]] = SoundFeatures(bytes: row[1])
                return true
            }
            return sounds
        }
    }
}
