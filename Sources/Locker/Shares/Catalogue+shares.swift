extension Catalogue {
    /// One page of the account's shares, the latest first.
    ///
    /// - Throws: ``CatalogueError/badCursor``.
    public func shares(account: Int64, after: String? = nil, limit: Int = 100) async throws -> Page<Share> {
        var page = try await page(of: Self.shareListing, [account], after: after, limit: limit) { Share(row: $0) }
        for place in page.items.indices { page.items[place] = try await counted(page.items[place]) }
        return page
    }

    public func share(id: String, account: Int64) async throws -> Share? {
        guard let share = try await database.read({ try Self.share(id: id, account: account, $0) }) else { return nil }
        return try await counted(share)
    }

    /// The share; if it is of a smart playlist, with the count of its tracks of now.
    private func counted(_ share: Share) async throws -> Share {
        guard share.isSmart, let members = try await members(of: share) else { return share }
        var share = share
        share.tracks = members.count
        return share
    }

    /// The members of the smart playlist that is shared; nil if it is gone, or its rules take too long.
    private func members(of share: Share) async throws -> SmartList? {
        guard share.isSmart, let id = share.item, let playlist = try await storedPlaylist(id: id, account: share.account),
            playlist.rules != nil
        else { return nil }
        do {
            return try await members(of: playlist, account: share.account)
        } catch CatalogueError.tookTooLong {
            return nil
        }
    }

    /// Shares a part of the account's locker. A share of an album or a playlist follows it, and ends with it.
    ///
    /// - Parameters:
    ///   - description: the owner's words.
    ///   - expires: milliseconds since 1970; nil for no end.
    /// - Returns: nil if the account has no such album or playlist, or the album has no tracks.
    /// - Throws: ``CatalogueError/noSuchTrack``, ``CatalogueError/tooManyShares``.
    public func addShare(
        of subject: Share.Subject, description: String, expires: Int?, account: Int64
    ) async throws -> Share? {
        let (id, now) = (Identifier.random(), now())
        let made = try await change(.account, of: account) { db -> Share? in
            if try db.exists("SELECT 1 FROM share WHERE account = ? LIMIT 1 OFFSET ?", [account, Share.most - 1]) {
                throw CatalogueError.tooManyShares
            }
            var fields: [Field] = [
                ("id", id), ("account", account), ("description", description), ("created", now), ("expires", expires)
            ]
            switch subject {
            case .tracks: break
            case .album(let album):
                let isThere = try db.exists(
                    "SELECT 1 FROM album WHERE id = ? AND account = ? AND tracks > 0 AND name <> ''", [album, account])
                guard isThere else { return nil }
                fields.append(("album", album))
            case .playlist(let playlist):
                guard try Self.playlist(id: playlist, account: account, db) != nil else { return nil }
                fields.append(("playlist", playlist))
            }
            try db.insert(into: "share", fields)
            if case .tracks(let tracks) = subject {
                try Self.insert(tracks, into: "shareTrack", ("share", id), account: account, db)
            }
            guard let share = try Self.share(id: id, account: account, db) else { throw CatalogueError.corrupt("share") }
            return share
        }
        guard let made else { return nil }
        return try await counted(made)
    }

    /// Gives a share other words, another end, or both. Returns nil if the account has no such share.
    ///
    /// - Parameters:
    ///   - description: nil leaves it as it is.
    ///   - expires: nil leaves it as it is; a nil within is no end.
    public func changeShare(id: String, description: String?, expires: Int??, account: Int64) async throws -> Share? {
        let changed = try await change(.account, of: account) { db -> Share? in
            guard var share = try Self.share(id: id, account: account, db) else { return nil }
            share.description = description ?? share.description
            share.expires = expires ?? share.expires
            try db.update("share", [("description", share.description), ("expires", share.expires)], where: [("id", id)])
            return share
        }
        guard let changed else { return nil }
        return try await counted(changed)
    }

    /// Ends a share. Streams of it that are running end as those of a track that is removed. Returns false if the account has
    /// no such share.
    public func removeShare(id: String, account: Int64) async throws -> Bool {
        try await change(.account, .freeing, .tracksRemoved, of: account) { db in
            try db.changes(by: "DELETE FROM share WHERE id = ? AND account = ?", [id, account]) > 0
        }
    }

    /// The share with this id and the name of its account, for whoever has its link; nil if it has expired.
    public func openShare(id: String) async throws -> (share: Share, owner: String)? {
        let now = now()
        let found = try await database.read { db in
            try db.first(
                """
                SELECT \(Share.columns.joined(separator: ", ")), account.name
                FROM \(Share.source) JOIN account ON account.id = share.account
                WHERE share.id = ? AND (share.expires IS NULL OR share.expires > ?)
                """, [id, now]
            ) { (share: Share(row: $0), owner: $0[Share.columns.count] as String) }
        }
        guard let found else { return nil }
        return (try await counted(found.share), found.owner)
    }

    /// One page of a share's tracks, in the order of the album, the playlist or the list.
    ///
    /// - Throws: ``CatalogueError/badCursor``, ``CatalogueError/tookTooLong``.
    public func tracks(of share: Share, after: String? = nil, limit: Int = 100) async throws -> Page<Track> {
        if share.isSmart, let playlist = share.item {
            return try await tracks(ofPlaylist: playlist, account: share.account, after: after, limit: limit) ?? Page(items: [])
        }
        let (listing, arguments): (Listing, [any Bindable]) =
            switch (share.kind, share.item) {
            case (.album, let album?): (.tracksOfAlbum, [album, share.account])
            case (.playlist, let playlist?): (Self.playlistTrackListing, [playlist])
            default: (Self.shareTrackListing, [share.id])
            }
        return try await page(of: listing, arguments, after: after, limit: limit, Track.init(row:))
    }

    /// Notes that the share was visited. No client is told of it, and on a full disk it is not written.
    public func noteVisit(ofShare id: String) async throws {
        let now = now()
        do {
            try await write { try $0.run("UPDATE share SET visits = visits + 1, visited = ? WHERE id = ?", [now, id]) }
        } catch CatalogueError.noRoom {}
    }

    /// Whether the share has not ended and offers the track, as of at most a second ago. A share that this process ended is seen
    /// at once.
    public func isShared(_ track: String, by share: String, account: Int64) async throws -> Bool {
        let end = try await recentShares.value(for: "\(account) \(share) \(track)") {
            let end: Int? = try await database.read { db in
                try db.first(
                    """
                    SELECT share.expires FROM share WHERE share.id = ? AND share.account = ? AND (
                        EXISTS (SELECT 1 FROM shareTrack WHERE shareTrack.share = share.id AND shareTrack.track = ?)
                        OR EXISTS (SELECT 1 FROM track WHERE track.id = ? AND track.albumId = share.album)
                        OR EXISTS (
                            SELECT 1 FROM playlistTrack
                            WHERE playlistTrack.playlist = share.playlist AND playlistTrack.track = ?
                        )
                    )
                    """, [share, account, track, track, track]
                ) { $0[0] as Int? ?? .max }
            }
            if let end { return end }
            return try await self.end(ofSmartShare: share, with: track, account: account)
        }
        return end.map { $0 > now() } ?? false
    }

    /// When a share of a smart playlist ends; nil if it is none, or the playlist does not have the track.
    private func end(ofSmartShare id: String, with track: String, account: Int64) async throws -> Int? {
        guard let share = try await database.read({ try Self.share(id: id, account: account, $0) }),
            let members = try await members(of: share), members.place(of: track) != nil
        else { return nil }
        return share.expires ?? .max
    }

    private static func share(id: String, account: Int64, _ db: any Connection) throws -> Share? {
        try db.first(
            "SELECT \(Share.columns.joined(separator: ", ")) FROM \(Share.source) WHERE share.id = ? AND share.account = ?",
            [id, account], Share.init(row:))
    }

    static let shareListing = Listing(
        name: "shares", selection: Share.columns, source: Share.source, keys: "share", condition: "share.account = ?",
        columns: ["share.created", "share.id"], isDescending: true)

    static let shareTrackListing = Listing(
        name: "share", selection: Track.columns, source: "shareTrack JOIN track ON track.id = shareTrack.track",
        keys: "shareTrack", condition: "shareTrack.share = ?", columns: ["shareTrack.position"])
}
