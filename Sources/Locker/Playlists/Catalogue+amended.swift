extension Catalogue {
    /// Changes some of a playlist, in one transaction.
    ///
    /// - Parameters:
    ///   - name: nil to keep it, like `comment`.
    ///   - places: those of the tracks to remove, from 0 on, as they are before the change. Others are ignored.
    ///   - tracks: ids to add at the end.
    ///   - most: tracks that the playlist may have then.
    /// - Returns: nil if the account has no such playlist.
    /// - Throws: ``CatalogueError/noSuchTrack``, ``CatalogueError/overQuota`` if it would have too many tracks,
    ///   ``CatalogueError/followsRules`` for tracks of a smart playlist. Then nothing is changed.
    public func amendPlaylist(
        id: String, name: String? = nil, comment: String? = nil, removing places: Set<Int> = [], adding tracks: [String] = [],
        ofAtMost most: Int = Playlist.mostTracks, account: Int64
    ) async throws -> Playlist? {
        let now = now()
        return try await change(.playlists, of: account) { db in
            guard let playlist = try Self.playlist(id: id, account: account, db) else { return nil }
            var list: [String]?
            if !places.isEmpty || !tracks.isEmpty {
                if playlist.rules != nil { throw CatalogueError.followsRules }
                let known: [String] = try db.values(
                    "SELECT track FROM playlistTrack WHERE playlist = ? ORDER BY position", [id])
                let whole = known.enumerated().filter { !places.contains($0.offset) }.map(\.element) + tracks
                guard whole.count <= most || whole.count <= known.count else { throw CatalogueError.overQuota }
                list = whole
            }
            if let comment { try db.run("UPDATE playlist SET comment = ? WHERE id = ?", [comment, id]) }
            return try Self.changePlaylist(id: id, name: name, tracks: list, account: account, now: now, db)
        }
    }
}
