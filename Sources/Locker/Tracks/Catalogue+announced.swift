public import Audio

/// That files are being put into the store for a row that is about to refer to them: until then no process removes them.
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

/// The order between files that come and files that go, in transactions that touch no file. See the decision "Files first, row second"
/// of Intake.
extension Catalogue {
    /// Milliseconds for which nothing is removed that was announced.
    public static let announcementLifetime = 60 * 60 * 1000
    /// How long a removal may take. One that takes longer has died with its process.
    public static let removalLease = Duration.seconds(60)
    private static let lease = 60_000
    private static let pause = Duration.milliseconds(20)

    /// Announces, in one transaction, the files that a row is going to refer to, and waits until no process removes one of them.
    ///
    /// The row is written with the announcement, which ends with it. One that is neither used nor withdrawn ends after
    /// ``announcementLifetime``: see ``expireAnnouncements()``.
    ///
    /// - Parameter patience: How long it waits for a removal. Longer than a removal may take, by this process's own clock: whoever
    ///   began it is gone then, and it is over.
    /// - Throws: ``CatalogueError/noRoom``, or `CancellationError` while it waits.
    public func announce(
        _ hashes: [OriginalHash], patience: Duration = Catalogue.removalLease
    ) async throws -> Announcement {
        let announcement = Announcement(hashes: Set(hashes), claim: Identifier.random())
        if hashes.isEmpty { return announcement }
        let expires = now() + Self.announcementLifetime
        // From here on no removal begins, so that those which are under way are all there is to wait for.
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
            // A task of its own: the caller may be cancelled.
            await Task { try? await withdraw(announcement) }.value
            throw error
        }
        return announcement
    }

    /// Ends an announcement of which no row came. What was put into the store for it is ``released(before:limit:)`` from now on.
    public func withdraw(_ announcement: Announcement) async throws {
        if announcement.hashes.isEmpty { return }
        let now = now()
        try await write(.freeing) { db in
            let hashes: [[UInt8]] = try db.values("DELETE FROM announced WHERE claim = ? RETURNING sha256", [announcement.claim])
            try Self.release(hashes.compactMap { OriginalHash(bytes: $0) }, at: now, db)
        }
    }

    /// Ends the announcements whose time has come: those of processes that died between the files and the row. What was put into the
    /// store for them is ``released(before:limit:)`` from now on.
    public func expireAnnouncements() async throws {
        let now = now()
        try await write(.freeing) { db in
            // One that ends too late was made before the clock was put back.
            let hashes: [[UInt8]] = try db.values(
                "DELETE FROM announced WHERE expires <= ? OR expires > ? RETURNING sha256",
                [now, now + Self.announcementLifetime])
            try Self.release(hashes.compactMap { OriginalHash(bytes: $0) }, at: now, db)
        }
    }

    /// Begins to remove those of the Originals and pictures that no row refers to, that are not announced, and that no other process is
    /// removing. Until ``end(_:removed:untouched:)`` whoever announces one of them waits.
    ///
    /// - Returns: The files to remove, which may be none.
    public func beginRemoval(of hashes: [OriginalHash]) async throws -> Removal {
        let claim = Identifier.random()
        let now = now()
        return try await write(.freeing) { db in
            Removal(hashes: try hashes.filter { try Self.mark($0, claim, at: now, db) }, claim: claim)
        }
    }

    /// Marks one hash as being removed; false where it stays, or another process removes it.
    private static func mark(_ hash: OriginalHash, _ claim: String, at now: Int, _ db: any Connection) throws -> Bool {
        let stays = try isReferenced(hash, db) || isAnnounced(hash, at: now, db)
        if stays {
            // It is released again when its last row goes, or its announcement ends without a row.
            try db.run("DELETE FROM released WHERE sha256 = ?", [hash])
            return false
        }
        // Whoever comes with one of these is late, and puts its files again.
        try db.run("DELETE FROM announced WHERE sha256 = ?", [hash])
        let isMarked = try db.exists(
            """
            INSERT INTO removing (sha256, claim, since) VALUES (?, ?, ?)
            ON CONFLICT (sha256) DO UPDATE SET claim = excluded.claim, since = excluded.since
            WHERE removing.since <= ? OR removing.since > ?
            RETURNING sha256
            """, [hash, claim, now, now - lease, now])
        // Until the end: a process that dies amid the removal leaves it to the next.
        try db.run("INSERT INTO released (sha256, since) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING", [hash, now])
        return isMarked
    }

    /// Ends a removal.
    ///
    /// - Parameters:
    ///   - removed: What is gone from the store.
    ///   - untouched: What was not begun with. What is in neither list may still be removed: it is not announced before
    ///     ``removalLease`` is over.
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
    /// - Throws: ``CatalogueError/announcementGone`` where it ended before, or is not of these files: they may be gone.
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

    /// A removal of one hash, as another process sees it.
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
