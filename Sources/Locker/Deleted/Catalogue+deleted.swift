public import Audio

/// Deleted tracks leave every list and count at once. For a while they are kept apart with what they were part of, and can be
/// put back: see ``restore(id:account:deletedSince:quota:)`` and the decision "Deleted".
extension Catalogue {
    /// One page of the account's tracks that were deleted after `time` (milliseconds since 1970), the latest first.
    ///
    /// - Throws: ``CatalogueError/badCursor``.
    public func deletedTracks(
        account: Int64, since time: Int, after: String? = nil, limit: Int = 100
    ) async throws -> Page<DeletedTrack> {
        try await page(of: Self.deletedListing, [account, time], after: after, limit: limit) { row in
            DeletedTrack(id: row[0], title: row[1], artist: row[2], album: row[3], deleted: row[4])
        }
    }

    static let deletedListing = Listing(
        name: "deleted", selection: ["id", "title", "artist", "album", "deleted"], source: "deletedTrack",
        condition: "account = ? AND deleted > ?", columns: ["deleted", "id"], isDescending: true)

    /// Forgets the tracks that were deleted at `time` (milliseconds since 1970) or before. From then on their files are
    /// ``released(before:limit:)`` like all that no row refers to.
    public func expireDeleted(before time: Int) async throws {
        try await write(.freeing) { db in
            let files = try db.all("DELETE FROM deletedTrack WHERE deleted <= ? RETURNING sha256, art, deleted", [time]) { row in
                (hashes: [row[0] as [UInt8]?, row[1]].compactMap(\.self), since: row[2] as Int)
            }
            for (hashes, since) in files {
                for hash in hashes { try Self.note(hash, releasedAt: since, db) }
            }
        }
    }

    /// The Originals and covers of the account's deleted tracks.
    public func filesOfDeleted(account: Int64) async throws -> [OriginalHash] {
        try await database.read { db in
            try db.all("SELECT sha256, art FROM deletedTrack WHERE account = ?", [account]) { row in
                [row[0] as [UInt8]?, row[1]].compactMap(\.self)
            }.flatMap(\.self).compactMap { OriginalHash(bytes: $0) }
        }
    }

    /// Whether a deleted track in any account, which may be put back, has this Original, or this picture as its cover.
    static func isKept(_ hash: OriginalHash, _ db: any Connection) throws -> Bool {
        try ["SELECT 1 FROM deletedTrack WHERE sha256 = ? LIMIT 1", "SELECT 1 FROM deletedTrack WHERE art = ? LIMIT 1"].contains {
            try db.exists($0, [hash])
        }
    }

    /// Removes a track's row, and refiles its album.
    ///
    /// - Parameter isKept: whether it can be put back.
    static func delete(_ track: Track, isKept: Bool, at now: Int, _ db: any Connection) throws {
        let member = try AlbumMember.one(track.id, db)
        if isKept { try keep(track.id, at: now, db) }
        try db.run("DELETE FROM track WHERE id = ?", [track.id])
        if let member { try refile(member, account: track.account, db) }
    }

    /// Copies a track, and what it is part of.
    private static func keep(_ id: String, at now: Int, _ db: any Connection) throws {
        let columns = KeptTrack.columns.joined(separator: ", ")
        let values = KeptTrack.columns.map { "track.\($0)" }.joined(separator: ", ")
        try db.run(
            """
            INSERT INTO deletedTrack (\(columns), lyrics, lyricsAreSynchronised, lyricsAreBeside, deleted)
            SELECT \(values), lyrics.text, coalesce(lyrics.isSynchronised, 0), coalesce(lyrics.isBeside, 0), ?
            FROM track LEFT JOIN lyrics ON lyrics.track = track.id WHERE track.id = ?
            """, [now, id])
        for statement in [
            """
            INSERT INTO deletedPlaylistTrack (track, playlist, position)
            SELECT track, playlist, position FROM playlistTrack WHERE track = ?
            """,
            "INSERT INTO deletedShareTrack (track, share, position) SELECT track, share, position FROM shareTrack WHERE track = ?",
            """
            INSERT INTO deletedPlay (track, at, stopped, heard, source)
            SELECT track, play.at, stopped, heard, source FROM play WHERE track = ?
            """,
            """
            INSERT INTO deletedScrobble (track, at, account, service)
            SELECT play.track, play.at, play.account, scrobble.service FROM play JOIN scrobble
            ON scrobble.account = play.account AND scrobble.at = play.at AND scrobble.track = play.track WHERE play.track = ?
            """,
            "INSERT INTO deletedSkip (track, at, heard, source) SELECT track, at, heard, source FROM skip WHERE track = ?",
            """
            INSERT INTO deletedBookmark (track, milliseconds, comment, created, changed)
            SELECT track, milliseconds, comment, created, changed FROM bookmark WHERE track = ?
            """
        ] { try db.run(statement, [id]) }
    }
}
