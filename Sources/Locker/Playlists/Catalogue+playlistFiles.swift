internal import Crypto

extension Catalogue {
    /// Makes a playlist of a playlist file, or changes the one made of it before if the file has changed.
    ///
    /// The playlist made of a file is remembered by the file's path. If a person changed or removed that playlist, it is
    /// left alone until the file itself changes. If a playlist with the file's name and tracks exists, as for a copy of
    /// another file, no second one is made.
    ///
    /// - Parameters:
    ///   - path: The file's absolute path.
    ///   - tracks: Ids, at most ``Playlist/mostTracks``; if there are none, no playlist is made.
    ///   - missing: How many entries are not tracks of the account. If there are any, the file is worth another look when
    ///     more tracks come.
    /// - Returns: Whether a playlist was made or changed.
    /// - Throws: ``CatalogueError/noSuchTrack``.
    public func setPlaylist(
        ofFile path: [UInt8], named name: String, tracks: [String], missing: Int, account: Int64
    ) async throws -> Bool {
        let made = Array(SHA256.hash(data: Array(([name] + tracks).joined(separator: "\n").utf8)))
        let now = now()
        return try await change(.playlists, of: account) { db in
            let former = try db.first(
                "SELECT playlist, name, made, missing FROM playlistFile WHERE account = ? AND path = ?", [account, path]
            ) { row in (playlist: row[0] as String?, name: row[1] as String, made: row[2] as [UInt8], missing: row[3] as Int) }
            let isSame = former?.made == made
            if isSame, former?.missing == missing { return false }
            var id = former?.playlist
            var isChanged = false
            if !isSame, !tracks.isEmpty {
                if former == nil { id = try Self.playlist(named: name, tracks: tracks, account: account, db) }
                if former == nil, id != nil {
                    // The playlist exists already.
                } else if let known = id, let playlist = try Self.playlist(id: known, account: account, db) {
                    let isRenamed = playlist.name != former?.name
                    _ = try Self.changePlaylist(
                        id: known, name: isRenamed ? nil : name, tracks: tracks, account: account, now: now, db)
                    isChanged = true
                } else {
                    id = try Self.addPlaylist(named: name, tracks: tracks, account: account, now: now, db).id
                    isChanged = true
                }
            }
            try db.upsert(
                into: "playlistFile", key: ["account", "path"],
                [
                    ("account", account), ("path", path), ("playlist", id), ("name", name), ("made", made),
                    ("missing", missing)
                ])
            return isChanged
        }
    }

    /// Paths of the playlist files that had missing entries.
    public func incompletePlaylistFiles(account: Int64) async throws -> [[UInt8]] {
        try await database.read { db in
            try db.values("SELECT path FROM playlistFile WHERE account = ? AND missing > 0 ORDER BY path", [account])
        }
    }

    /// The imported files whose tracks the account has, with the tracks' ids.
    public func importedTracks(account: Int64) async throws -> [(path: [UInt8], track: String)] {
        try await database.read { db in
            try db.all(
                """
                SELECT imported.path, track.id FROM imported
                JOIN track ON track.account = imported.account AND track.sha256 = imported.sha256
                WHERE imported.account = ? ORDER BY imported.path
                """, [account]
            ) { ($0[0], $0[1]) }
        }
    }

    /// Forgets what was made of a playlist file; the playlist stays.
    public func forget(playlistFile path: [UInt8], account: Int64) async throws {
        try await change(.playlists, .freeing, of: account) { db in
            try db.run("DELETE FROM playlistFile WHERE account = ? AND path = ?", [account, path])
        }
    }

    private static func playlist(named name: String, tracks: [String], account: Int64, _ db: any Connection) throws -> String? {
        let named: [String] = try db.values(
            "SELECT id FROM playlist WHERE account = ? AND nameOrder = ? AND name = ? AND tracks = ?",
            [account, Track.order(of: name), name, tracks.count])
        return try named.first { id in
            try db.values("SELECT track FROM playlistTrack WHERE playlist = ? ORDER BY position", [id]) == tracks
        }
    }
}
