public import Audio

/// Which Originals are encodes of one recording. Tracks are never merged: see the decision "Recordings".
extension Catalogue {
    /// Recordings that are compared with one fingerprint at most.
    private static let mostCandidates = 8
    /// Recordings that are read of a word. One that more have in common says little.
    private static let mostOfWord = 100

    /// The recordings that a fingerprint has words in common with and that are about as long, those with the most words
    /// first; at most 8. None are recordings of this Original alone.
    ///
    /// - Parameter milliseconds: the length of the Original; nil to take that of its tracks.
    public func recordings(
        like fingerprint: AcousticFingerprint, of hash: OriginalHash, milliseconds: Int?
    ) async throws -> RecordingSearch {
        let words = fingerprint.indexWords
        if words.isEmpty { return RecordingSearch(candidates: [], latest: .max) }
        return try await database.read { db in
            let stored: Int? = try db.value("SELECT samples * 1000 / sampleRate FROM track WHERE sha256 = ? LIMIT 1", [hash])
            guard let milliseconds = milliseconds ?? stored else { return RecordingSearch(candidates: [], latest: .max) }
            let latest: Int64 = try db.value("SELECT max(id) FROM recording") ?? 0
            var shared: [Int64: Int] = [:]
            for word in words {
                let recordings: [Int64] = try db.values(
                    "SELECT recording FROM soundWord WHERE word = ? ORDER BY recording LIMIT ?", [word, Self.mostOfWord])
                for recording in recordings { shared[recording, default: 0] += 1 }
            }
            var candidates: [RecordingCandidate] = []
            for (recording, _) in shared.sorted(by: { ($0.value, $1.key) > ($1.value, $0.key) }) {
                let other = try Self.encode(of: recording, except: hash, near: milliseconds, db)
                if let other { candidates.append(other) }
                if candidates.count == Self.mostCandidates { break }
            }
            return RecordingSearch(candidates: candidates, latest: latest)
        }
    }

    private static func encode(
        of recording: Int64, except hash: OriginalHash, near milliseconds: Int, _ db: any Connection
    ) throws -> RecordingCandidate? {
        let tolerance = AcousticFingerprint.lengthTolerance
        let found = try db.first(
            """
            SELECT sha256, milliseconds FROM sound
            WHERE recording = ? AND sha256 <> ? AND milliseconds BETWEEN ? AND ? ORDER BY sha256 LIMIT 1
            """, [recording, hash, milliseconds - tolerance, milliseconds + tolerance]
        ) { row in (original: OriginalHash(bytes: row[0] as [UInt8]), milliseconds: row[1] as Int) }
        guard let found, let original = found.original else { return nil }
        return RecordingCandidate(
            recording: recording, original: original, lengthDifference: found.milliseconds - milliseconds)
    }

    /// What is known of the sound of all Originals, in the order of their hashes.
    ///
    /// - Parameter hash: the last hash of the page before; nil for the first page.
    public func sounds(after hash: OriginalHash?, limit: Int = 1_000) async throws -> [StoredSound] {
        try await database.read { db in
            try db.all(
                "SELECT sha256, recording, features FROM sound WHERE sha256 > ? ORDER BY sha256 LIMIT ?",
                [Array(hash?.bytes ?? []), limit]
            ) { row in
                guard let original = OriginalHash(bytes: row[0] as [UInt8]) else { throw CatalogueError.corrupt("sha256") }
                let features: [UInt8]? = row[2]
                return StoredSound(
                    original: original, recording: row[1], features: features.flatMap { SoundFeatures(bytes: $0) })
            }
        }
    }
}
