internal import Audio

/// The rows of an Original's sound, written in the transaction that writes its measures.
extension Catalogue {
    /// The first version of measures that have features and a fingerprint.
    private static let firstVersion = 2

    static func setSound(of arrival: Arrival, _ db: any Connection) throws {
        let milliseconds = Int(arrival.map.duration * 1000)
        try setSound(arrival.measures, of: arrival.hash, milliseconds: milliseconds, arrival.recording, db)
    }

    /// Writes what was measured of an Original's sound. An Original whose recording is known keeps it, unless it is the only
    /// one of its recording and is now found to be an encode of another.
    ///
    /// - Parameter choice: nil if no recordings were compared.
    /// - Throws: ``CatalogueError/recordingsChanged``.
    static func setSound(
        _ measures: SoundMeasures, of hash: OriginalHash, milliseconds: Int, _ choice: RecordingChoice?, _ db: any Connection
    ) throws {
        guard measures.version >= firstVersion else { return }
        let features = measures.features?.bytes
        let former = try db.first("SELECT recording, milliseconds, features FROM sound WHERE sha256 = ?", [hash]) { row in
            (recording: row[0] as Int64, milliseconds: row[1] as Int, features: row[2] as [UInt8]?)
        }
        let words = measures.fingerprint.indexWords
        var recording = try choice?.recording.flatMap { try db.value("SELECT id FROM recording WHERE id = ?", [$0]) as Int64? }
        if let former {
            let isAlone = try !db.exists(
                "SELECT 1 FROM sound WHERE recording = ? AND sha256 <> ? LIMIT 1", [former.recording, hash])
            if !isAlone { recording = former.recording }
        }
        if recording == nil, let latest = choice?.latest {
            let others = [former?.recording].compactMap(\.self)
            let isNewer = try words.contains { word in
                let found: [Int64] = try db.values(
                    "SELECT recording FROM soundWord WHERE word = ? AND recording > ? LIMIT 2", [word, latest])
                return found.contains { !others.contains($0) }
            }
            if isNewer { throw CatalogueError.recordingsChanged }
        }
        if recording == nil { recording = former?.recording }
        let isNew = recording == nil
        let chosen = try recording ?? begin(db)
        if let former, former.recording == chosen, former.milliseconds == milliseconds, former.features == features { return }
        try db.upsert(
            into: "sound", key: ["sha256"],
            [("sha256", hash), ("recording", chosen), ("milliseconds", milliseconds), ("features", features)])
        if isNew {
            for word in words { try db.insert(into: "soundWord", [("word", word), ("recording", chosen)]) }
        }
        if let former, former.recording != chosen { try end(former.recording, db) }
    }

    /// Writes the recording of a track whose Original has changed to what is learned and hidden of it.
    static func setRecording(of track: Track, _ db: any Connection) throws {
        let recording: Int64? = try db.value("SELECT recording FROM sound WHERE sha256 = ?", [track.hash])
        try db.run("UPDATE taste SET recording = ? WHERE account = ? AND track = ?", [recording, track.account, track.id])
        try db.run("UPDATE hidden SET recording = ? WHERE account = ? AND item = ?", [recording, track.account, track.id])
    }

    /// Forgets an Original that is being removed.
    static func forgetSound(of hash: OriginalHash, _ db: any Connection) throws {
        let recording: Int64? = try db.value("DELETE FROM sound WHERE sha256 = ? RETURNING recording", [hash])
        if let recording { try end(recording, db) }
    }

    private static func begin(_ db: any Connection) throws -> Int64 {
        guard let id: Int64 = try db.value("INSERT INTO recording DEFAULT VALUES RETURNING id") else {
            throw CatalogueError.failed("a recording got no number")
        }
        return id
    }

    /// Forgets a recording that no Original is an encode of.
    private static func end(_ recording: Int64, _ db: any Connection) throws {
        try db.run(
            "DELETE FROM recording WHERE id = ? AND NOT EXISTS (SELECT 1 FROM sound WHERE recording = ?)",
            [recording, recording])
    }
}
