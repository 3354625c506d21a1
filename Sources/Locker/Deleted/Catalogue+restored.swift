internal import Audio

extension Catalogue {
    /// Puts a deleted track back as it was, in one transaction: with its id, tags, marks, plays, skips and bookmark, on its album, and
    /// in its places in the playlists and shares that are still there.
    ///
    /// If the account was given the same file again meanwhile, the track takes over what the new one is part of, the queue among it,
    /// and the new one goes.
    ///
    /// - Parameters:
    ///   - time: tracks that were deleted then or before stay deleted (milliseconds since 1970).
    ///   - quota: bytes; nil for no limit.
    /// - Returns: nil if there is no such track to put back.
    /// - Throws: ``CatalogueError/overQuota``.
    public func restore(id: String, account: Int64, deletedSince time: Int, quota: Int?) async throws -> Track? {
        let now = now()
        return try await change(.ofTracks, .keeping, .tracksRemoved, of: account) { db in
            guard var kept = try KeptTrack.one(id, account: account, since: time, db) else { return nil }
            var queued: [Int] = []
            if let twin = try Self.track(of: kept.track.hash, account: account, db) {
                queued = try db.values(
                    "SELECT position FROM playQueueTrack WHERE account = ? AND track = ? ORDER BY position", [account, twin.id])
                try Self.takeOver(twin, by: &kept, at: now, db)
            } else {
                try Self.usage(account, db).requireRoom(for: kept.track.bytes, quota: quota)
            }
            while try db.exists("SELECT 1 FROM track WHERE account = ? AND added = ?", [account, kept.track.added]) {
                kept.track.added += 1
            }
            var track = kept.track
            let filed = try Self.file(&track, kept.filing, former: nil, albumID: track.albumID, db)
            try db.insert(into: "track", try track.fields + filed + [("plays", kept.plays)])
            try Self.setCredits(of: track, db)
            try Self.setLyrics(kept.lyrics, of: id, db)
            try Self.setGenres(of: track, kept.filing, db)
            try Self.setSearch(of: track, db)
            try Self.putBack(id, account: account, at: now, db)
            for position in queued {
                try db.run(
                    "INSERT INTO playQueueTrack (account, position, track) VALUES (?, ?, ?)", [account, position, id])
            }
            try db.run("DELETE FROM deletedTrack WHERE id = ?", [id])
            if try Self.learnsTaste(of: account, db) { try Self.rebuildTaste(of: account, track: id, at: now, db) }
            return try Track.one(id, account: account, db)
        }
    }

    /// Removes the track of the same file that came after the deleted one, which takes over what that is part of.
    private static func takeOver(_ twin: Track, by kept: inout KeptTrack, at now: Int, _ db: any Connection) throws {
        try delete(twin, isKept: true, at: now, db)
        for statement in [
            """
            INSERT INTO deletedPlaylistTrack (track, playlist, position)
            SELECT ?, playlist, position FROM deletedPlaylistTrack WHERE track = ? ON CONFLICT DO NOTHING
            """,
            """
            INSERT INTO deletedShareTrack (track, share, position)
            SELECT ?, share, position FROM deletedShareTrack WHERE track = ? ON CONFLICT DO NOTHING
            """,
            """
            INSERT INTO deletedPlay (track, at, stopped, heard, source)
            SELECT ?, deletedPlay.at, stopped, heard, source FROM deletedPlay WHERE track = ? ON CONFLICT DO NOTHING
            """,
            """
            INSERT INTO deletedScrobble (track, at, account, service)
            SELECT ?, deletedScrobble.at, account, service FROM deletedScrobble WHERE track = ? ON CONFLICT DO NOTHING
            """,
            """
            INSERT INTO deletedSkip (track, at, heard, source)
            SELECT ?, deletedSkip.at, heard, source FROM deletedSkip WHERE track = ? ON CONFLICT DO NOTHING
            """,
            """
            INSERT INTO deletedBookmark (track, milliseconds, comment, created, changed)
            SELECT ?, milliseconds, comment, created, changed FROM deletedBookmark WHERE track = ? ON CONFLICT DO NOTHING
            """
        ] { try db.run(statement, [kept.track.id, twin.id]) }
        try db.run(
            """
            INSERT INTO hidden (account, item, recording, title, artist, at)
            SELECT account, ?, recording, title, artist, hidden.at FROM hidden WHERE account = ? AND item = ? ON CONFLICT DO NOTHING
            """, [kept.track.id, twin.account, twin.id])
        try db.run("DELETE FROM hidden WHERE account = ? AND item = ?", [twin.account, twin.id])
        let plays: Int? = try db.value("SELECT plays FROM deletedTrack WHERE id = ?", [twin.id])
        kept.plays += plays ?? 0
        kept.track.played = [kept.track.played, twin.played].compactMap(\.self).max()
        kept.track.marks.favourite = kept.track.marks.favourite ?? twin.marks.favourite
        if kept.track.marks.rating == 0 { kept.track.marks.rating = twin.marks.rating }
        try db.run("DELETE FROM deletedTrack WHERE id = ?", [twin.id])
    }

    /// Gives a track that was put back its places, plays, skips and bookmark.
    private static func putBack(_ id: String, account: Int64, at now: Int, _ db: any Connection) throws {
        let places = try db.all(
            "SELECT playlist, position FROM deletedPlaylistTrack WHERE track = ? ORDER BY playlist, position", [id]
        ) { row in (playlist: row[0] as String, position: row[1] as Int) }
        for (playlist, position) in places { try insert(id, into: playlist, at: position, now: now, db) }
        try db.run(
            """
            INSERT INTO shareTrack (share, position, track)
            SELECT share, position, track FROM deletedShareTrack WHERE track = ? ON CONFLICT DO NOTHING
            """, [id])
        try db.run(
            """
            INSERT INTO play (account, at, track, stopped, heard, source)
            SELECT ?, deletedPlay.at, track, stopped, heard, source FROM deletedPlay WHERE track = ? ON CONFLICT DO NOTHING
            """, [account, id])
        try db.run(
            """
            INSERT INTO scrobble (account, service, at, track)
            SELECT account, service, deletedScrobble.at, track FROM deletedScrobble WHERE track = ? ON CONFLICT DO NOTHING
            """, [id])
        try db.run(
            """
            INSERT INTO skip (account, at, track, heard, source)
            SELECT ?, deletedSkip.at, track, heard, source FROM deletedSkip WHERE track = ? ON CONFLICT DO NOTHING
            """, [account, id])
        try db.run(
            """
            INSERT INTO bookmark (account, track, milliseconds, comment, created, changed)
            SELECT ?, track, milliseconds, comment, created, changed FROM deletedBookmark WHERE track = ? ON CONFLICT DO NOTHING
            """, [account, id])
    }

    /// Puts a track into a playlist at its former position. If another has that position by now, it and those directly behind it
    /// move on. A playlist that is full stays as it is.
    private static func insert(_ id: String, into playlist: String, at position: Int, now: Int, _ db: any Connection) throws {
        let count: Int = try db.value("SELECT tracks FROM playlist WHERE id = ?", [playlist]) ?? 0
        guard count < Playlist.mostTracks else { return }
        let later: [Int] = try db.values(
            "SELECT position FROM playlistTrack WHERE playlist = ? AND position >= ? ORDER BY position", [playlist, position])
        let taken = zip(later, position...).prefix { $0 == $1 }.map(\.0)
        for place in taken.reversed() {
            try db.run(
                "UPDATE playlistTrack SET position = ? WHERE playlist = ? AND position = ?", [place + 1, playlist, place])
        }
        try db.run("INSERT INTO playlistTrack (playlist, position, track) VALUES (?, ?, ?)", [playlist, position, id])
        try db.run("UPDATE playlist SET changed = ? WHERE id = ?", [now, playlist])
    }
}
