public import Audio

extension Catalogue {
    /// Originals of tracks whose measures are older than a version, in the order of their hashes.
    ///
    /// - Parameter hash: the last hash of the page before; nil for the first page.
    public func unmeasured(
        before version: Int, after hash: OriginalHash? = nil, limit: Int = 100
    ) async throws -> [OriginalHash] {
        try await database.read { db in
            try db.values(
                "SELECT DISTINCT sha256 FROM track WHERE measuresVersion < ? AND sha256 > ? ORDER BY sha256 LIMIT ?",
                [version, Array(hash?.bytes ?? []), limit]
            ).compactMap { (bytes: [UInt8]) in OriginalHash(bytes: bytes) }
        }
    }

    /// How many ``unmeasured(before:after:limit:)`` gives in all.
    public func unmeasuredCount(before version: Int) async throws -> Int {
        try await database.read { db in
            try db.value("SELECT count(DISTINCT sha256) FROM track WHERE measuresVersion < ?", [version]) ?? 0
        }
    }

    /// Writes the measures of an Original to all its rows, in one transaction.
    ///
    /// - Parameter announcement: As in ``add(_:account:settling:announced:)``; not used if no row refers to the Original.
    /// - Returns: The number of rows; nil if no row refers to the Original.
    public func setMeasures(
        _ measures: SoundMeasures, of hash: OriginalHash, recording: RecordingChoice? = nil,
        announced announcement: Announcement
    ) async throws -> Int? {
        try await change([], ofEach: try await owners(of: hash)) { db in
            let formers = try Track.all(where: "sha256 = ?", [hash], db)
            guard let first = formers.first else { return nil }
            try Self.use(announcement, for: [hash], db)
            try Self.setSound(measures, of: hash, milliseconds: Int(first.duration * 1000), recording, db)
            for former in formers {
                var track = former
                track.take(measures)
                if track != former { try db.update("track", try track.measuresFields, where: [("id", track.id)]) }
            }
            return formers.count
        }
    }

    /// Notes that the measures of an Original are lost, so that ``unmeasured(before:after:limit:)`` lists it again. Its rows
    /// keep their values until it is measured.
    public func forgetMeasures(of hash: OriginalHash) async throws {
        try await change([], of: nil) { db in
            try db.run("UPDATE track SET measuresVersion = 0 WHERE sha256 = ?", [hash])
        }
    }
}
