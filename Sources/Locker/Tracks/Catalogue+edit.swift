extension Catalogue {
    /// Gives a track other tags in the catalogue. Neither its Original nor its Streams change.
    ///
    /// - Returns: nil if the account has no such track.
    public func edit(_ edit: TagEdit, ofTrack id: String, account: Int64) async throws -> Track? {
        try await change(.library, of: account) { db in
            guard var track = try Track.one(id, account: account, db), var filing = try Filing.one(id, db) else { return nil }
            if let title = edit.title, title != track.title { (track.title, filing.titleSort) = (title, "") }
            if let artist = edit.artist, artist != track.artist {
                (track.artist, filing.artists, filing.artistSort) = (artist, CreditedNames(artist), "")
            }
            if let artist = edit.albumArtist, artist != track.albumArtist {
                (track.albumArtist, filing.albumArtists, filing.albumArtistSort) = (artist, CreditedNames.owners(artist), "")
            }
            if let album = edit.album, album != track.album {
                // Release and folder told the old album from others. In the new album the track goes where it fits.
                (track.album, filing.albumSort, filing.release, filing.folder) = (album, "", "", "")
                filing.song.discTitle = ""
            }
            if let disc = edit.disc, disc != track.disc { filing.song.discTitle = "" }
            track.track = edit.track ?? track.track
            track.disc = edit.disc ?? track.disc
            track.year = edit.year ?? track.year
            track.genres = edit.genres ?? track.genres
            try Self.write(&track, filing, db)
            try Self.setGenres(of: track, filing, db)
            try Self.setSearch(of: track, db)
            return track
        }
    }

    /// Writes the track's genres; genres that do not exist are made.
    static func setGenres(of track: Track, _ filing: Filing, _ db: any Connection) throws {
        try db.run("DELETE FROM trackGenre WHERE track = ?", [track.id])
        let order = Track.order(of: track.title, sortedAs: filing.titleSort)
        try setGenres(track.genres, ofTrack: track.id, titleOrder: order, account: track.account, db)
    }

    static func setGenres(
        _ genres: [String], ofTrack id: String, titleOrder: String, account: Int64, _ db: any Connection
    ) throws {
        for genre in genres where !genre.isEmpty {
            let order = Track.order(of: genre)
            try db.run(
                "INSERT INTO genre (account, name, nameOrder) VALUES (?, ?, ?) ON CONFLICT (account, nameOrder) DO NOTHING",
                [account, genre, order])
            try db.run(
                """
                INSERT INTO trackGenre (genre, titleOrder, track)
                SELECT id, ?, ? FROM genre WHERE account = ? AND nameOrder = ? ON CONFLICT DO NOTHING
                """, [titleOrder, id, account, order])
        }
    }
}
