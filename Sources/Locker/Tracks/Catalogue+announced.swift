public import Audio

/// A note that files are being put into the store for a row that is about to refer to them. Until the row is written, no
/// process removes them.
public struct Announcement: Sendable, Hashable {
    /// The Originals and pictures.
    public let hashes: Set<OriginalHash>
    let claim: String
}

/// Files that one process is removing from the store.
public struct Removal: Sendable, Hashable {
    public let hashes: [OriginalHash]
    let claim: String
}

/// Keeps the put and the removal of a file apart, in transactions that touch no file. See the decision "Files first, row
/// second" of Intake.
extension Catalogue {
    /// Milliseconds for which announced files are not removed.
    public static let announcementLifetime = 60 * 60 * 1000
    /// How long a removal may take. One that takes longer has died with its process.
    public static let removalLease = Duration.seconds(60)
    private static let lease = 60_000
    private static let pause = Duration.milliseconds(20)

    /// Announces, in one transaction, the files that a row is going to refer to, and waits until no process is removing one
    /// of them.
    ///
    /// The transaction that writes the row ends the announcement. An announcement that is neither used nor withdrawn ends
    /// after ``announcementLifetime``: see ``expireAnnouncements()``.
    ///
    /// - Parameter patience: How long to wait for a removal, by this process's own clock. No shorter than a removal may
    ///   take: after that, the process that began the removal is gone, and the removal is over.
    /// - Throws: ``CatalogueError/noRoom``, or `CancellationError` if the task is cancelled while it waits.
    public func announce(
        _ hashes: [OriginalHash], patience: Duration = Catalogue.removalLease
    ) async throws -> Announcement {
        let announcement = Announcement(hashes: Set(hashes), claim: Identifier.random())
        if hashes.isEmpty { return announcement }
        let expires = now() + Self.announcementLifetime
        // From here on no removal of these files begins, so only the removals under way have to be waited for.
        var removals = try await write(.keeping) { db in
            for hash in announcement.hashes {
                try db.run(
                    "INSERT INTO announced (claim, sha256, expires) VALUES (?, ?, ?)", [announcement.claim, hash, expires])
            }
            return try Self.removals(of: announcement.hashes, db)
        }
        do {
            let start = ContinuousClock.now
            while !removals.isEmpty {
                if ContinuousClock.now - start >= patience {
                    try await end(removals)
                    break
                }
                try await Task.sleep(for: min(patience, Self.pause))
                removals = try await database.read { [removals] db in
                    try Self.removals(of: Set(removals.map(\.hash)), db).filter(removals.contains)
                }
            }
        } catch {
            // In its own task, as the caller may be cancelled.
            await Task { try? await withdraw(announcement) }.value
            throw error
        }
        return announcement
    }

    /// Ends an announcement whose row was not written. The files that were put into the store for it are
    /// ``released(before:limit:)`` from now on.
    public func withdraw(_ announcement: Announcement) async throws {
        if announcement.hashes.isEmpty { return }
        let now = now()
        try await write(.freeing) { db in
            let hashes: [[UInt8]] = try db.values("DELETE FROM announced WHERE claim = ? RETURNING sha256", [announcement.claim])
            try Self.release(hashes.compactMap { OriginalHash(bytes: $0) }, at: now, db)
        }
    }

    /// Ends the announcements that have expired: their processes died between the files and the row. The files that were put
    /// into the store for them are ``released(before:limit:)`` from now on.
    public func expireAnnouncements() async throws {
        let now = now()
        try await write(.freeing) { db in
            // An announcement with a later end was made before the clock was put back.
            let hashes: [[UInt8]] = try db.values(
                "DELETE FROM announced WHERE expires <= ? OR expires > ? RETURNING sha256",
                [now, now + Self.announcementLifetime])
            try Self.release(hashes.compactMap { OriginalHash(bytes: $0) }, at: now, db)
        }
    }

    /// Begins the removal of those Originals and pictures that no row refers to, that no deleted track has which can be put back,
    /// that are not announced, and that no other process is removing. A process that announces one of them waits until ``end(_:removed:untouched:)``.
    ///
    /// - Returns: The files to remove; may be empty.
    public func beginRemoval(of hashes: [OriginalHash]) async throws -> Removal {
        let claim = Identifier.random()
        let now = now()
        return try await write(.freeing) { db in
            Removal(hashes: try hashes.filter { try Self.mark($0, claim, at: now, db) }, claim: claim)
        }
    }

    /// Marks one hash as being removed. Returns false if its files have to stay, or if another process is removing them.
    private static func mark(_ hash: OriginalHash, _ claim: String, at now: Int, _ db: any Connection) throws -> Bool {
        let stays = try isReferenced(hash, db) || isAnnounced(hash, at: now, db)
        if stays {
            // It is released again when its last row goes, or its announcement ends without a row.
            try db.run("DELETE FROM released WHERE sha256 = ?", [hash])
            return false
        }
        // Its last row may be put back. It stays on the list of what was released, for when that is over.
        if try isKept(hash, db) { return false }
        // Announcements that are still here have expired. Their processes are late, and put their files again.
        try db.run("DELETE FROM announced WHERE sha256 = ?", [hash])
        let isMarked = try db.exists(
            """
            INSERT INTO removing (sha256, claim, since) VALUES (?, ?, ?)
            ON CONFLICT (sha256) DO UPDATE SET claim = excluded.claim, since = excluded.since
            WHERE removing.since <= ? OR removing.since > ?
            RETURNING sha256
            """, [hash, claim, now, now - lease, now])
        // The hash stays released until the removal ends: if this process dies before, another removes the files.
        try note(Array(hash.bytes), releasedAt: now, db)
        try forgetSound(of: hash, db)
        return isMarked
    }

    /// Ends a removal.
    ///
    /// - Parameters:
    ///   - removed: Hashes whose files are gone from the store.
    ///   - untouched: Hashes whose removal was not begun. Files of a hash in neither list may still be removed later, so the
    ///     hash is not announced before ``removalLease`` is over.
    public func end(_ removal: Removal, removed: [OriginalHash], untouched: [OriginalHash]) async throws {
        try await write(.freeing) { db in
            for hash in removed + untouched {
                try db.run("DELETE FROM removing WHERE sha256 = ? AND claim = ?", [hash, removal.claim])
            }
            for hash in removed {
                try db.run("DELETE FROM released WHERE sha256 = ?", [hash])
            }
        }
    }

    /// Uses the announcement up, in the transaction that writes the row.
    ///
    /// - Throws: ``CatalogueError/announcementGone`` if it ended before, or is not of these files: they may be gone.
    static func use(_ announcement: Announcement, for hashes: [OriginalHash?], _ db: any Connection) throws {
        let hashes = hashes.compactMap(\.self)
        guard announcement.hashes.isSuperset(of: hashes) else { throw CatalogueError.announcementGone }
        if announcement.hashes.isEmpty { return }
        let ended = try db.changes(by: "DELETE FROM announced WHERE claim = ?", [announcement.claim])
        guard ended == announcement.hashes.count else { throw CatalogueError.announcementGone }
    }

    private static func isAnnounced(_ hash: OriginalHash, at now: Int, _ db: any Connection) throws -> Bool {
        try db.exists(
            "SELECT 1 FROM announced WHERE sha256 = ? AND expires > ? AND expires <= ? LIMIT 1",
            [hash, now, now + announcementLifetime])
    }

    /// Another process's removal of one hash, as this process sees it.
    private struct OtherRemoval: Hashable {
        var hash: OriginalHash
        var claim: String
    }

    private static func removals(of hashes: Set<OriginalHash>, _ db: any Connection) throws -> [OtherRemoval] {
        try hashes.compactMap { hash in
            let claim: String? = try db.value("SELECT claim FROM removing WHERE sha256 = ?", [hash])
            return claim.map { OtherRemoval(hash: hash, claim: $0) }
        }
    }

    private func end(_ removals: [OtherRemoval]) async throws {
        try await write(.keeping) { db in
            for removal in removals {
                try db.run("DELETE FROM removing WHERE sha256 = ? AND claim = ?", [removal.hash, removal.claim])
            }
        }
    }
}
