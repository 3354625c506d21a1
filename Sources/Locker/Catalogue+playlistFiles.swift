internal import Crypto
internal import FoundationEssentials
internal import GRDB

extension Catalogue {
    /// Makes a playlist of what a playlist file says; the same one is changed if the file says something else later.
    ///
    /// What was made of a file is remembered by its path. A playlist that a person changed, or removed, stays as it is until the
    /// file's own tracks are others. A file that says what a playlist of its name has, a copy of another say, makes no second one.
    ///
    /// - Parameters:
    ///   - path: The file's absolute path.
    ///   - tracks: Ids, at most ``Playlist/mostTracks``; none makes no playlist.
    ///   - missing: Entries that are no tracks of the account: the file is worth another look if more tracks come.
    /// - Returns: Whether a playlist was made or changed.
    /// - Throws: ``CatalogueError/noSuchTrack``.
    public func setPlaylist(
        ofFile path: [UInt8], named name: String, tracks: [String], missing: Int, account: Int64
    ) async throws -> Bool {
        let made = Data(Array(SHA256.hash(data: Array(([name] + tracks).joined(separator: "\n").utf8))))
        let now = now()
        return try await change { db in
            let former = try Row.fetchOne(
                db, sql: "SELECT * FROM playlistFile WHERE account = ? AND path = ?", arguments: [account, Data(path)])
            let isSame = former?["made"] as Data? == made
            if isSame, former?["missing"] as Int? == missing { return false }
            var id: String? = former?["playlist"]
            var isChanged = false
            if !isSame, !tracks.isEmpty {
                if former == nil { id = try Self.playlist(named: name, tracks: tracks, account: account, db) }
                if former == nil, id != nil {
                    // It is there already.
                } else if let known = id, let playlist = try Self.playlist(id: known, account: account, db) {
                    let isRenamed = playlist.name != former?["name"] as String?
                    _ = try Self.changePlaylist(
                        id: known, name: isRenamed ? nil : name, tracks: tracks, account: account, now: now, db)
                    isChanged = true
                } else {
                    id = try Self.addPlaylist(named: name, tracks: tracks, account: account, now: now, db).id
                    isChanged = true
                }
            }
            try db.insert(
                into: "playlistFile",
                [
                    ("account", account), ("path", Data(path)), ("playlist", id), ("name", name), ("made", made),
                    ("missing", missing)
                ], orReplace: true)
            return isChanged
        }
    }

    /// Paths of the playlist files of which entries were missing.
    public func incompletePlaylistFiles(account: Int64) async throws -> [[UInt8]] {
        try await pool.read { db in
            try Data.fetchAll(
                db, sql: "SELECT path FROM playlistFile WHERE account = ? AND missing > 0 ORDER BY path", arguments: [account]
            ).map(Array.init)
        }
    }

    /// The imported files of which the account has tracks, with the tracks' ids.
    public func importedTracks(account: Int64) async throws -> [(path: [UInt8], track: String)] {
        try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT imported.path, track.id FROM imported
                    JOIN track ON track.account = imported.account AND track.sha256 = imported.sha256
                    WHERE imported.account = ? ORDER BY imported.path
                    """,
                arguments: [account]
            ).map { (Array($0["path"] as Data), $0["id"]) }
        }
    }

    /// Forgets what was made of a playlist file; the playlist stays.
    public func forget(playlistFile path: [UInt8], account: Int64) async throws {
        try await change(.freeing) { db in
            try db.execute(
                sql: "DELETE FROM playlistFile WHERE account = ? AND path = ?", arguments: [account, Data(path)])
        }
    }

    private static func playlist(named name: String, tracks: [String], account: Int64, _ db: Database) throws -> String? {
        let named = try String.fetchAll(
            db, sql: "SELECT id FROM playlist WHERE account = ? AND nameOrder = ? AND name = ? AND tracks = ?",
            arguments: [account, Track.order(of: name), name, tracks.count])
        return try named.first { id in
            try String.fetchAll(
                db, sql: "SELECT track FROM playlistTrack WHERE playlist = ? ORDER BY position", arguments: [id]) == tracks
        }
    }

    /// The playlist may be gone while its file is there.
    static func addPlaylistFiles(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE playlistFile (
                    account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                    path BLOB NOT NULL CHECK (length(path) > 0),
                    playlist TEXT CHECK (length(playlist) = 22),
                    name TEXT NOT NULL,
                    made BLOB NOT NULL CHECK (length(made) = 32),
                    missing INTEGER NOT NULL CHECK (missing >= 0),
                    PRIMARY KEY (account, path)
                ) STRICT, WITHOUT ROWID;
                """)
    }
}
