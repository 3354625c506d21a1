public import Audio

extension Catalogue {
    /// Originals and pictures that rows referred to until `time`, in milliseconds since 1970, at most `limit`.
    ///
    /// They may be referred to again: see ``beginRemoval(of:)``, which takes those off this list.
    public func released(before time: Int, limit: Int = 100) async throws -> [OriginalHash] {
        try await database.read { db in
            try db.values("SELECT sha256 FROM released WHERE since <= ? ORDER BY since LIMIT ?", [time, limit])
                .compactMap { (bytes: [UInt8]) in OriginalHash(bytes: bytes) }
        }
    }

    /// Originals that tracks refer to, in the order of their hashes.
    ///
    /// - Parameter hash: the last of the ones before.
    public func originals(after hash: OriginalHash?, limit: Int = 100) async throws -> [OriginalHash] {
        try await database.read { db in
            try db.values(
                "SELECT DISTINCT sha256 FROM track WHERE sha256 > ? ORDER BY sha256 LIMIT ?", [Array(hash?.bytes ?? []), limit]
            ).compactMap { (bytes: [UInt8]) in OriginalHash(bytes: bytes) }
        }
    }

    /// Notes that a row does not refer to these any more.
    static func release(_ hashes: [OriginalHash], at time: Int, _ db: any Connection) throws {
        for hash in hashes {
            try db.run(
                "INSERT INTO released (sha256, since) VALUES (?, ?) ON CONFLICT (sha256) DO UPDATE SET since = excluded.since",
                [hash, time])
        }
    }
}
