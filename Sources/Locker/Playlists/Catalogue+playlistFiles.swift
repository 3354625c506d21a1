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
        return try await setPlaylist(
            PlaylistFile(path: path, name: name, content: .tracks(tracks), made: made, missing: missing), account: account)
    }

    /// Makes a smart playlist of a file of rules, or changes the one made of it before: see
    /// ``setPlaylist(ofFile:named:tracks:missing:account:)``.
    ///
    /// - Throws: As ``addPlaylist(named:comment:rules:account:ofAtMost:)``.
    public func setPlaylist(
        ofFile path: [UInt8], named name: String, comment: String, rules: SmartRules, account: Int64
    ) async throws -> Bool {
        let made = Array(SHA256.hash(data: Array([name, comment, try rules.stored].joined(separator: "\n").utf8)))
        let file = PlaylistFile(path: path, name: name, content: .rules(rules, comment: comment), made: made, missing: 0)
        try await tryOut(rules, of: Identifier.random(), account: account)
        return try await setPlaylist(file, account: account)
    }

    private struct PlaylistFile {
        enum Content {
            case tracks([String])
            case rules(SmartRules, comment: String)
        }

        var path: [UInt8]
        var name: String
        var content: Content
        /// A hash of name and content.
        var made: [UInt8]
        var missing: Int

        var isEmpty: Bool { if case .tracks(let tracks) = content { tracks.isEmpty } else { false } }
    }

    private func setPlaylist(_ file: PlaylistFile, account: Int64) async throws -> Bool {
        let now = now()
        return try await change(.playlists, of: account) { db in
            let former = try db.first(
                "SELECT playlist, name, made, missing FROM playlistFile WHERE account = ? AND path = ?", [account, file.path]
            ) { row in (playlist: row[0] as String?, name: row[1] as String, made: row[2] as [UInt8], missing: row[3] as Int) }
            let isSame = former?.made == file.made
            if isSame, former?.missing == file.missing { return false }
            var id = former?.playlist
            var isChanged = false
            if !isSame, !file.isEmpty {
                if former == nil { id = try Self.playlist(equalTo: file, account: account, db) }
                if former == nil, id != nil {
                    // The playlist exists already.
                } else if let known = id, let playlist = try Self.playlist(id: known, account: account, db) {
                    let isRenamed = playlist.name != former?.name
                    try Self.change(playlist, to: file, isRenamed: isRenamed, account: account, now: now, db)
                    isChanged = true
                } else {
                    id = try Self.addPlaylist(of: file, account: account, now: now, db).id
                    isChanged = true
                }
            }
            try db.upsert(
                into: "playlistFile", key: ["account", "path"],
                [
                    ("account", account), ("path", file.path), ("playlist", id), ("name", file.name), ("made", file.made),
                    ("missing", file.missing)
                ])
            return isChanged
        }
    }

    private static func addPlaylist(
        of file: PlaylistFile, account: Int64, now: Int, _ db: any Connection
    ) throws -> Playlist {
        switch file.content {
        case .tracks(let tracks): try addPlaylist(named: file.name, tracks: tracks, account: account, now: now, db)
        case .rules(let rules, let comment):
            try addPlaylist(
                id: Identifier.random(), named: file.name, comment: comment, rules: rules, account: account, now: now, db)
        }
    }

    private static func change(
        _ playlist: Playlist, to file: PlaylistFile, isRenamed: Bool, account: Int64, now: Int, _ db: any Connection
    ) throws {
        let name = isRenamed ? nil : file.name
        switch file.content {
        case .tracks(let tracks):
            _ = try changePlaylist(id: playlist.id, name: name, tracks: tracks, account: account, now: now, db)
        case .rules(let rules, _):
            _ = try changePlaylist(id: playlist.id, name: name, rules: rules, account: account, now: now, db)
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

    /// The account's playlist with the name and the content of a file.
    private static func playlist(equalTo file: PlaylistFile, account: Int64, _ db: any Connection) throws -> String? {
        switch file.content {
        case .tracks(let tracks): try playlist(named: file.name, tracks: tracks, account: account, db)
        case .rules(let rules, _):
            try db.value(
                "SELECT id FROM playlist WHERE account = ? AND nameOrder = ? AND name = ? AND rules = ? LIMIT 1",
                [account, Track.order(of: file.name), file.name, try rules.stored])
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
