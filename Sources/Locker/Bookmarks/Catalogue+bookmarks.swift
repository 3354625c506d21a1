extension Catalogue {
    /// All bookmarks of the account.
    public func bookmarks(account: Int64) async throws -> [Bookmark] {
        let complete = completing
        return try await items(of: .bookmarks, [account], Bookmark.init(row:)) { bookmarks, db in
            var songs = bookmarks.map(\.song)
            try complete(&songs, db)
            for place in bookmarks.indices { bookmarks[place].song = songs[place] }
        }
    }

    /// Sets the bookmark of a track, over the one that it has.
    ///
    /// - Parameter position: milliseconds of the track.
    /// - Returns: false if the account has no such track.
    public func setBookmark(
        ofTrack id: String, position: Int, comment: String, account: Int64
    ) async throws -> Bool {
        let now = now()
        return try await change([], of: account) { db in
            try db.changes(
                by: """
                    INSERT INTO bookmark (account, track, milliseconds, comment, created, changed)
                    SELECT account, id, ?, ?, ?, ? FROM track WHERE id = ? AND account = ?
                    ON CONFLICT (account, track) DO UPDATE
                    SET milliseconds = excluded.milliseconds, comment = excluded.comment, changed = excluded.changed
                    """, [position, comment, now, now, id, account]) > 0
        }
    }

    /// Returns false if the track has no bookmark.
    public func removeBookmark(ofTrack id: String, account: Int64) async throws -> Bool {
        try await change([], .freeing, of: account) { db in
            try db.changes(by: "DELETE FROM bookmark WHERE account = ? AND track = ?", [account, id]) > 0
        }
    }
}
