public import Audio

extension Catalogue {
    /// The accounts that are opted in, each with a number that is another one if it opts in anew or has erased any of its history, or if its
    /// id was that of an account that is gone.
    public func listeners() async throws -> [Int64: Int] { try await database.read { try Self.listeners($0) } }

    static func listeners(_ db: any Connection) throws -> [Int64: Int] {
        // An erasure takes longer than a millisecond.
        let rows = try db.all("SELECT id, taste + erasures FROM account WHERE taste IS NOT NULL") {
            ($0[0] as Int64, $0[1] as Int)
        }
        return Dictionary(rows) { first, _ in first }
    }

    /// How often accounts that were opted in have opted out, erased any of their history or were removed, by whichever process: as long as it
    /// is the same, whoever was among ``listeners()`` is there with the same number.
    public func departures() async throws -> Int { try await database.read { try Self.departures($0) } }

    static func departures(_ db: any Connection) throws -> Int { try db.value("SELECT total FROM departure") ?? 0 }

    /// Runs `body` with what all listeners like, on the calling thread, which waits for the database: for a thread of the lowest priority,
    /// that no request waits for.
    public func readTastes<Value>(_ body: (TasteReader) throws -> Value) throws -> Value {
        try database.readAside { try body(TasteReader($0)) }
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

    /// What most of the listeners who have a recording call it, for each of some recordings, if at least `count` of them agree: a title that
    /// only one locker has is never shown to another. Of many owners the first ones are asked, by the hashes of the Originals.
    ///
    /// - Parameter time: milliseconds since 1970; accounts that opted in later, and tracks that were added later, do not count.
    public func commonNames(
        ofRecordings recordings: [Int64], agreed count: Int, until time: Int = .max
    ) async throws -> [Int64: CommonName] {
        try await database.read { db in
            var names: [Int64: CommonName] = [:]
            for recording in recordings {
                var tally = NameTally(agreed: count)
                try db.rows(
                    """
                    SELECT track.title, track.artist, track.album, track.genres, sound.milliseconds, track.account
                    FROM sound JOIN track ON track.sha256 = sound.sha256 JOIN account ON account.id = track.account
                    WHERE sound.recording = ? AND account.taste <= ? AND track.added <= ? ORDER BY sound.sha256 LIMIT ?
                    """, [recording, time, time, NameTally.most]
                ) { row in
                    tally.add(
                        NameTally.Vote(
                            title: row[0], artist: row[1], album: row[2], genres: row[3], milliseconds: row[4], account: row[5]))
                }
                names[recording] = try tally.name()
            }
            return names
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
