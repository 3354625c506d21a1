public import Audio

extension Catalogue {
    /// Originals of tracks that were added before the catalogue kept all of their tags, in the order of their hashes,
    /// at most 100.
    ///
    /// - Parameter hash: the last hash of the page before; nil for the first page.
    public func untagged(after hash: OriginalHash?) async throws -> [OriginalHash] {
        try await database.read { db in
            try db.values(
                "SELECT DISTINCT sha256 FROM track WHERE tagged = 0 AND sha256 > ? ORDER BY sha256 LIMIT 100",
                [Array(hash?.bytes ?? [])]
            ).compactMap { (bytes: [UInt8]) in OriginalHash(bytes: bytes) }
        }
    }

    /// Gives the tracks of an Original the tags that their columns lack: artists one by one, the release, sort names, whether the
    /// album is a compilation, and what is only shown. Edited tags stay.
    public func retag(_ hash: OriginalHash, _ tags: TrackTags) async throws {
        try await change(.library, of: nil) { db in
            for var track in try Track.all(where: "sha256 = ?", [hash], db) { try Self.retag(&track, tags, db) }
        }
    }

    static func retag(_ track: inout Track, _ tags: TrackTags, _ db: any Connection) throws {
        guard var filing = try Filing.one(track.id, db) else { return }
        // A small rendition does not have all tags of the file it was made from.
        guard !track.isCompact else {
            try db.update("track", [("tagged", true)], where: [("id", track.id)])
            return
        }
        let former = filing
        let found = Filing(tags, folder: "")
        filing.recording = found.recording
        if track.title == tags.title.printable { filing.titleSort = found.titleSort }
        if track.artist == tags.artist.printable { (filing.artists, filing.artistSort) = (found.artists, found.artistSort) }
        if track.albumArtist == tags.albumArtist.printable {
            (filing.albumArtists, filing.albumArtistSort) = (found.albumArtists, found.albumArtistSort)
        }
        if track.album == tags.album.printable {
            (filing.release, filing.albumSort, filing.isCompilation) = (found.release, found.albumSort, found.isCompilation)
        }
        var song = found.song
        if track.album != tags.album.printable || track.disc != tags.disc { song.discTitle = filing.song.discTitle }
        if filing != former {
            filing.song = song
            try write(&track, filing, db)
            try setGenres(of: track, filing, db)
        } else if song != former.song {
            try db.update("track", song.fields + [("tagged", true)], where: [("id", track.id)])
        } else {
            try db.run("UPDATE track SET tagged = 1 WHERE id = ? AND tagged = 0", [track.id])
        }
    }

    /// Notes the folder of a track that came without one.
    static func locate(_ track: inout Track, _ arrival: Arrival, _ db: any Connection) throws {
        let (tags, folder) = (arrival.tags ?? arrival.map.tags, AlbumFolder.of(path: arrival.path))
        guard track.album == tags.album.printable, !folder.isEmpty, var filing = try Filing.one(track.id, db),
            filing.folder.isEmpty
        else { return }
        filing.folder = folder.printable
        try write(&track, filing, db)
    }

    /// Notes that the file of a track lies in another folder now.
    static func relocate(_ hash: OriginalHash, to path: [UInt8], account: Int64, _ db: any Connection) throws {
        let folder = AlbumFolder.of(path: String(decoding: path, as: UTF8.self)).printable
        guard var track = try Self.track(of: hash, account: account, db), var filing = try Filing.one(track.id, db),
            !filing.folder.isEmpty, filing.folder != folder
        else { return }
        filing.folder = folder
        try write(&track, filing, db)
    }
}
