extension AlbumShelf {
    /// The values of an album's row.
    struct Look {
        var artists: [Credit]
        /// The album artist as shown to people.
        var artist: String
        var artistSort: String
        var sortName: String
        var edition: AlbumPart.Key
        var nameOrder: String
        var artistOrder: String
        var owner: String
    }

    func look(of members: [AlbumMember], by owner: Credit) throws -> Look {
        func first(_ text: KeyPath<AlbumMember, String>) -> String {
            members.first { !$0[keyPath: text].isEmpty }?[keyPath: text] ?? ""
        }
        var artists = [owner]
        var artist = owner.name
        // The album artist that most tracks name; of equals, the first.
        var counts: [String: (count: Int, first: Int)] = [:]
        for (place, member) in members.enumerated() where !member.albumArtist.isEmpty {
            counts[member.albumArtist, default: (0, place)].count += 1
        }
        if let text = counts.max(by: { ($0.value.count, -$0.value.first) < ($1.value.count, -$1.value.first) }) {
            artist = text.key
            artists = members[text.value.first].albumArtists
        } else if members.allSatisfy({ $0.isOpen && $0.artistID == owner.id }) {
            let named = members.dropFirst().reduce(members[0].artists.prefix(members[0].mains)) { common, member in
                let mains = Set(member.artists.prefix(member.mains))
                return Array(common.filter(mains.contains))[...]
            }
            if named.count > 1 { (artists, artist) = (Array(named), named.map(\.name).joined(separator: ", ")) }
        }
        if owner.name.isEmpty { (artists, artist) = ([], "") }
        let (sortName, artistSort) = (first(\.albumSort), first(\.albumArtistSort))
        let isOwnerAlone = artists.count <= 1 && artist == owner.name
        let release = first(\.release)
        let edition = AlbumPart.Key(release: release, folder: first(\.folder), year: members.first { $0.year > 0 }?.year ?? 0)
        return Look(
            artists: artists, artist: artist, artistSort: isOwnerAlone ? "" : artistSort, sortName: sortName, edition: edition,
            nameOrder: Track.order(of: album, sortedAs: sortName),
            artistOrder: isOwnerAlone
                ? try Catalogue.order(ofArtist: owner.id, db) : Track.order(of: artist, sortedAs: artistSort),
            owner: owner.id)
    }

    /// The id of the row that the album had, else of a row without tracks that fits, else a new id. So albums keep their ids
    /// when their tracks change.
    func identify(_ members: [AlbumMember], _ look: Look, _ taken: Set<String>) throws -> String {
        var seen = taken
        for member in members where !member.albumID.isEmpty && seen.insert(member.albumID).inserted {
            let isSame = try db.exists(
                """
                SELECT 1 FROM album WHERE id = ? AND account = ? AND name = ? AND NOT EXISTS (
                    SELECT 1 FROM track
                    WHERE track.albumId = album.id AND track.id <> ? AND NOT (track.album = ? AND track.albumOwner = ?)
                )
                """, [member.albumID, account, album, excluded, album, look.owner])
            if isSame { return member.albumID }
        }
        let left = try db.all(
            """
            SELECT id, release, folder, editionYear FROM album
            WHERE account = ? AND artistId = ? AND name = ? AND NOT EXISTS (SELECT 1 FROM track WHERE albumId = album.id)
            LIMIT 64
            """, [account, look.owner, album]
        ) { row in (id: row[0] as String, edition: AlbumPart.Key(release: row[1], folder: row[2], year: row[3])) }
        let own = look.edition
        let fitting = left.filter { id, edition in
            if taken.contains(id) { return false }
            if !edition.release.isEmpty, !own.release.isEmpty { return edition.release == own.release }
            return edition.year == 0 || own.year == 0 || edition.year == own.year
                || !own.folder.isEmpty && edition.folder == own.folder
        }
        let best = fitting.first { $0.edition.release == own.release && $0.edition.year == own.year } ?? fitting.first
        return best?.id ?? Identifier.random()
    }

    func write(_ look: Look, _ id: String) throws {
        let values: [Field] = [
            ("artistId", look.owner), ("artist", look.artist), ("artists", look.artists.stored),
            ("artistSort", look.artistSort), ("sortName", look.sortName), ("nameOrder", look.nameOrder),
            ("artistOrder", look.artistOrder), ("release", look.edition.release), ("folder", look.edition.folder),
            ("editionYear", look.edition.year)
        ]
        let columns = values.map(\.column).joined(separator: ", ")
        let known = try db.first("SELECT \(columns) FROM album WHERE id = ?", [id]) { row in
            values.indices.map { row[$0] as SQLValue }
        }
        guard let known else {
            try db.insert(into: "album", [("id", id), ("account", account), ("name", album)] + values)
            try Catalogue.setSearch("l", item: id, account: account, main: album, more: [look.artist], db)
            return
        }
        guard values.map({ $0.value?.bound ?? .null }) != known else { return }
        try db.update("album", values, where: [("id", id)])
        try Catalogue.setSearch("l", item: id, account: account, main: album, more: [look.artist], db)
    }

    /// Writes the artists whose albums it is listed among, and the other artists on it.
    func setCredits(of members: [AlbumMember], _ look: Look, album id: String) throws {
        let own = look.artists.isEmpty ? [look.owner] : look.artists.map(\.id)
        var wanted: [String: Bool] = [:]
        for member in members { for artist in member.artists { wanted[artist.id] = false } }
        for artist in own { wanted[artist] = true }
        var known: [String: Bool] = [:]
        try db.rows("SELECT artist, isOwn FROM albumCredit WHERE album = ?", [id]) { row in
            known[row[0]] = row[1] as Bool
            return true
        }
        for (artist, isOwn) in known where wanted[artist] != isOwn {
            try db.run("DELETE FROM albumCredit WHERE album = ? AND artist = ?", [id, artist])
        }
        for (artist, isOwn) in wanted where known[artist] != isOwn {
            try db.run(
                """
                INSERT INTO albumCredit (artist, isOwn, year, nameOrder, album) SELECT ?, ?, year, nameOrder, id
                FROM album WHERE id = ?
                """, [artist, isOwn, id])
        }
    }

    /// Notes the album that all tracks of an album without any before come from; nil or empty if there is none.
    func note(origin: String?, of id: String) throws {
        guard hasShares else { return }
        let origin = origin ?? ""
        try db.run("UPDATE album SET origin = ? WHERE id = ? AND origin <> ?", [origin, id, origin])
    }

    /// Takes over the favourites and ratings of albums that have no tracks any more because these are on this one, under whichever
    /// title, and the shares of the one that this one comes from. A link of another one would show tracks that were never on the
    /// album that was shared.
    func inherit(from others: Set<String>, _ id: String) throws {
        for other in others
        where try !db.exists("SELECT 1 FROM track WHERE albumId = ? AND id <> ? LIMIT 1", [other, excluded]) {
            let count = try db.changes(
                by: """
                    UPDATE album
                    SET favourite = CASE WHEN album.favourite < other.favourite THEN other.favourite ELSE album.favourite END,
                        rating = CASE WHEN album.rating < other.rating THEN other.rating ELSE album.rating END
                    FROM album AS other
                    WHERE album.id = ? AND other.id = ? AND other.name <> '' AND other.favourite + other.rating > 0
                    """, [id, other])
            if count > 0 { try db.run("UPDATE album SET favourite = 0, rating = 0 WHERE id = ?", [other]) }
            guard hasShares else { continue }
            try db.run(
                "UPDATE share SET album = ? WHERE album = ? AND EXISTS (SELECT 1 FROM album WHERE id = ? AND origin = ?)",
                [id, other, id, other])
        }
    }

    mutating func put(_ member: AlbumMember, on id: String, _ look: Look) throws {
        let albumArtists = member.albumArtist.isEmpty ? look.artists : member.albumArtists
        if member.id == pending?.id {
            pending?.albumID = id
            pending?.albumArtists = albumArtists
            pending?.albumOrder = look.nameOrder
            return
        }
        var changes: [Field] = []
        if member.albumID != id { changes.append(("albumId", id)) }
        if member.albumOrder != look.nameOrder { changes.append(("albumOrder", look.nameOrder)) }
        if member.albumArtists != albumArtists {
            changes.append(("albumArtists", Track.stored(albumArtists: albumArtists, artists: member.artists)))
        }
        guard !changes.isEmpty else { return }
        try db.update("track", changes, where: [("id", member.id)])
        if member.albumArtists != albumArtists {
            try Catalogue.setCredits(
                artists: member.artists, albumArtists: albumArtists, unnamed: member.artistID, ofTrack: member.id, db)
        }
    }
}
