internal import Audio

extension Catalogue {
    /// Gives a track its artists and its album, which are made if they do not exist, and refiles the album's other tracks.
    /// The caller writes the row itself, with the returned fields, and then the credits: see ``setCredits(of:_:)``.
    ///
    /// - Parameters:
    ///   - former: the stored track; nil for a new one.
    ///   - albumID: the album that a track without a former row was on; empty if there was none.
    /// - Returns: the row's fields that ``Track/fields`` lacks.
    static func file(
        _ track: inout Track, _ filing: Filing, former: AlbumMember?, albumID: String = "", _ db: any Connection
    ) throws -> [Field] {
        let account = track.account
        func credits(_ names: CreditedNames) throws -> [Credit] {
            try names.names.map { try artist(named: $0, account: account, db) }
        }
        track.artists = try credits(filing.artists)
        track.artistID = try track.artists.first?.id ?? artist(named: "", account: account, db).id
        if track.artists.count == 1 { try sort(track.artists[0], as: filing.artistSort, db) }
        let owners = try credits(filing.albumArtists)
        if owners.count == 1 { try sort(owners[0], as: filing.albumArtistSort, db) }
        var owner = owners.first?.id ?? track.artistID
        if owners.isEmpty, filing.isCompilation {
            owner = try artist(named: CreditedNames.various, account: account, db).id
        }
        var member = AlbumMember(
            id: track.id, added: track.added, title: track.title, album: track.album, disc: track.disc, number: track.track,
            year: track.year, release: filing.release, folder: filing.folder, isCompilation: filing.isCompilation,
            albumArtist: track.albumArtist,
            artistID: track.artistID, artists: track.artists, mains: filing.artists.mains, albumArtists: owners,
            albumSort: filing.albumSort, albumArtistSort: filing.albumArtistSort, owner: owner,
            albumID: former?.albumID ?? albumID, albumOrder: "")
        if let former, former.album != track.album { try refile(former, isLeaving: true, account: account, db) }
        var shelf = AlbumShelf(account: account, album: track.album, db: db)
        let old = former?.album == track.album ? former : nil
        try shelf.file(&member, former: old)
        (track.albumID, track.albumArtists) = (member.albumID, member.albumArtists)
        return filing.fields + [
            ("albumOwner", member.owner), ("tagged", true),
            ("titleOrder", Track.order(of: track.title, sortedAs: filing.titleSort)),
            ("artistOrder", try artistOrder(of: track, filing, db)), ("albumOrder", member.albumOrder)
        ]
    }

    /// Overwrites a stored track, with its artists and its album.
    static func write(_ track: inout Track, _ filing: Filing, _ db: any Connection) throws {
        let former = try AlbumMember.one(track.id, db)
        let filed = try file(&track, filing, former: former, db)
        let fields = try track.fields.filter { $0.column != "id" } + filed
        try db.update("track", fields, where: [("id", track.id)])
        try setCredits(of: track, db)
        guard let former else { return }
        try inheritMarks(of: former.artistID, by: track.artistID, db)
        if let owner = former.albumArtists.first, let successor = track.albumArtists.first {
            try inheritMarks(of: owner.id, by: successor.id, db)
        }
    }

    /// Gives the favourite and rating of an artist that has no tracks any more to the artist that the last has in its place.
    private static func inheritMarks(of former: String, by artist: String, _ db: any Connection) throws {
        guard former != artist else { return }
        let count = try db.changes(
            by: """
                UPDATE artist
                SET favourite = CASE WHEN artist.favourite < other.favourite THEN other.favourite ELSE artist.favourite END,
                    rating = CASE WHEN artist.rating < other.rating THEN other.rating ELSE artist.rating END
                FROM artist AS other
                WHERE artist.id = ? AND other.id = ? AND other.uses = 0 AND other.favourite + other.rating > 0
                    AND artist.name <> '' AND other.name <> ''
                """, [artist, former])
        if count > 0 { try db.run("UPDATE artist SET favourite = 0, rating = 0 WHERE id = ?", [former]) }
    }

    /// Refiles the tracks that shared an album, or might have, with a track that is gone or is leaving.
    static func refile(_ member: AlbumMember, isLeaving: Bool = false, account: Int64, _ db: any Connection) throws {
        var shelf = AlbumShelf(account: account, album: member.album, db: db)
        try shelf.refile(without: member, isStored: isLeaving)
    }

    /// Writes the artists of a stored track.
    static func setCredits(of track: Track, _ db: any Connection) throws {
        try setCredits(artists: track.artists, albumArtists: track.albumArtists, unnamed: track.artistID, ofTrack: track.id, db)
    }

    /// - Parameter unnamed: the artist without a name, to whom a track without artists belongs.
    static func setCredits(
        artists: [Credit], albumArtists: [Credit], unnamed: String, ofTrack id: String, _ db: any Connection
    ) throws {
        let wanted = Set(
            (artists.isEmpty ? [unnamed] : artists.map(\.id)).map { CreditRow(artist: $0, isOfAlbum: false) }
                + albumArtists.map { CreditRow(artist: $0.id, isOfAlbum: true) })
        let known = Set(
            try db.all("SELECT artist, isOfAlbum FROM credit WHERE track = ?", [id]) {
                CreditRow(artist: $0[0], isOfAlbum: $0[1])
            })
        for row in known.subtracting(wanted) {
            try db.run("DELETE FROM credit WHERE track = ? AND artist = ? AND isOfAlbum = ?", [id, row.artist, row.isOfAlbum])
        }
        for row in wanted.subtracting(known) {
            try db.run(
                """
                INSERT INTO credit (artist, isOfAlbum, albumOrder, disc, number, track)
                SELECT ?, ?, albumOrder, disc, track, id FROM track WHERE id = ?
                """, [row.artist, row.isOfAlbum, id])
        }
    }

    private struct CreditRow: Hashable {
        var artist: String
        var isOfAlbum: Bool
    }

    /// The account's artist with this name; made if it does not exist.
    static func artist(named name: String, account: Int64, _ db: any Connection) throws -> Credit {
        let known: String? = try db.value("SELECT id FROM artist WHERE account = ? AND name = ?", [account, name])
        if let known { return Credit(id: known, name: name) }
        let id = Identifier.random()
        try db.insert(
            into: "artist", [("id", id), ("account", account), ("name", name), ("nameOrder", Track.order(of: name))])
        try setSearch("r", item: id, account: account, main: name, more: [], db)
        return Credit(id: id, name: name)
    }

    /// Notes an artist's sort name, and orders by it the artist's albums and tracks without sort names.
    private static func sort(_ artist: Credit, as tag: String, _ db: any Connection) throws {
        guard !tag.isEmpty else { return }
        let order = Track.order(of: tag)
        let count = try db.changes(
            by: "UPDATE artist SET sortName = ?, nameOrder = ? WHERE id = ? AND sortName <> ?", [tag, order, artist.id, tag])
        guard count > 0 else { return }
        for sql in [
            "UPDATE album SET artistOrder = ? WHERE artistId = ? AND artist = ? AND artistSort = ''",
            "UPDATE track SET artistOrder = ? WHERE artistId = ? AND artist = ? AND artistSort = ''"
        ] {
            try db.run(sql, [order, artist.id, artist.name])
        }
    }

    /// The sort key of the track in the list by artist.
    private static func artistOrder(of track: Track, _ filing: Filing, _ db: any Connection) throws -> String {
        if filing.artistSort.isEmpty, track.artists.count == 1, track.artists[0].name == track.artist {
            return try order(ofArtist: track.artistID, db)
        }
        return Track.order(of: track.artist, sortedAs: filing.artistSort)
    }

    static func order(ofArtist id: String, _ db: any Connection) throws -> String {
        try db.value("SELECT nameOrder FROM artist WHERE id = ?", [id]) ?? ""
    }
}
