public import Audio

extension Catalogue {
    /// Originals and pictures that were released at `time` (milliseconds since 1970) or before, the earliest first, at most
    /// 100: rows stopped referring to them then, or never began.
    ///
    /// A row may refer to them again: see ``beginRemoval(of:)``, which takes those off this list.
    public func released(before time: Int) async throws -> [OriginalHash] {
        try await database.read { db in
            try db.values("SELECT sha256 FROM released WHERE since <= ? ORDER BY since LIMIT 100", [time])
                .compactMap { (bytes: [UInt8]) in OriginalHash(bytes: bytes) }
        }
    }

    /// Originals that tracks refer to, in the order of their hashes, at most 100.
    ///
    /// - Parameter hash: the last hash of the page before; nil for the first page.
    public func originals(after hash: OriginalHash?) async throws -> [OriginalHash] {
        try await database.read { db in
            try db.values(
                "SELECT DISTINCT sha256 FROM track WHERE sha256 > ? ORDER BY sha256 LIMIT 100", [Array(hash?.bytes ?? [])]
            ).compactMap { (bytes: [UInt8]) in OriginalHash(bytes: bytes) }
        }
    }

    /// Notes that no row refers to this, unless that is noted already.
    static func note(_ hash: [UInt8], releasedAt time: Int, _ db: any Connection) throws {
        try db.run("INSERT INTO released (sha256, since) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING", [hash, time])
    }

    /// Notes that a row no longer refers to these.
    static func release(_ hashes: [OriginalHash], at time: Int, _ db: any Connection) throws {
        for hash in hashes {
            try db.run(
                "INSERT INTO released (sha256, since) VALUES (?, ?) ON CONFLICT (sha256) DO UPDATE SET since = excluded.since",
                [hash, time])
        }
    }
}
