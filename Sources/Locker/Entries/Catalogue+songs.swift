public import Audio

extension Catalogue {
    private func songs(
        of listing: Listing, _ arguments: [any Bindable], at place: Int = 0, limit: Int = .max
    ) async throws -> [SongEntry] {
        try await items(
            of: listing.reading(SongEntry.columns), arguments, at: place, limit: limit, SongEntry.init(row:),
            completing: completing)
    }

    /// Gives songs the loudness of their albums.
    var completing: @Sendable (inout [SongEntry], any Connection) throws -> Void {
        let known = knownLoudness
        let changes = known.changes
        return { songs, db in
            for place in songs.indices where !songs[place].track.album.isEmpty {
                let id = songs[place].track.albumID
                if let loudness = known[id] {
                    songs[place].albumLoudness = loudness
                } else {
                    let loudness = try Self.loudness(ofAlbum: id, account: songs[place].track.account, db)
                    known.note(loudness, for: id, since: changes)
                    songs[place].albumLoudness = loudness
                }
            }
        }
    }

    /// Some of the account's tracks, the first that was added first.
    public func songs(account: Int64, at place: Int, limit: Int) async throws -> [SongEntry] {
        try await songs(of: TrackSort.added.listing, [account], at: place, limit: limit)
    }

    /// Some tracks of an album, an artist, a genre or the favourites; none if there is no such thing.
    public func songs(
        account: Int64, _ filter: TrackFilter, at place: Int = 0, limit: Int = .max
    ) async throws -> [SongEntry] {
        switch filter {
        case .album(let id): try await songs(of: .tracksOfAlbum, [id, account], at: place, limit: limit)
        case .artist(let id): try await songs(of: .tracksOfArtist, [id, account], at: place, limit: limit)
        case .genre(let name):
            try await songs(of: .tracksOfGenre, [Track.order(of: name), account], at: place, limit: limit)
        case .favourites: try await songs(of: .favouriteTracks, [account], at: place, limit: limit)
        }
    }

    /// The account's track with this id.
    public func song(id: String, account: Int64) async throws -> SongEntry? {
        try await songs(ids: [id], account: account).first
    }

    /// The account's tracks of these ids, in this order; one can come more than once. Ids that are not found are left out.
    public func songs(ids: [String], account: Int64) async throws -> [SongEntry] {
        let complete = completing
        return try await database.read { db in
            var songs = try Self.songs(ids: ids, account: account, db)
            try complete(&songs, db)
            return songs
        }
    }

    static func songs(ids: [String], account: Int64, _ db: any Connection) throws -> [SongEntry] {
        let statement = Listing.oneTrack.reading(SongEntry.columns).statement(continued: false)
        return try ids.compactMap { try db.first(statement, [$0, account, 1], SongEntry.init(row:)) }
    }

    /// All tracks of a playlist, in its order; nil if the account has no such playlist.
    public func songs(ofPlaylist id: String, account: Int64) async throws -> [SongEntry]? {
        guard let playlist = try await storedPlaylist(id: id, account: account) else { return nil }
        if playlist.rules != nil {
            return try await songs(ids: try await members(of: playlist, account: account).ids, account: account)
        }
        return try await songs(of: Self.playlistTrackListing, [id])
    }

    /// Some tracks chosen at random.
    ///
    /// - Parameters:
    ///   - genre: the genre that they have; nil for any.
    ///   - years: the years that they are of; nil for any.
    ///   - limit: Clamped to 1...500.
    public func randomSongs(
        account: Int64, genre: String? = nil, years: ClosedRange<Int>? = nil, limit: Int
    ) async throws -> [SongEntry] {
        let (listing, arguments): (Listing, [any Bindable]) =
            switch (genre.map { Track.order(of: $0) }, years) {
            case (nil, nil): (TrackSort.added.listing, [account])
            case (let genre?, nil): (.tracksOfGenre, [genre, account])
            case (nil, let years?): (.tracksOfYears, [account, years.lowerBound, years.upperBound])
            case (let genre?, let years?):
                (.tracksOfGenreAndYears, [genre, account, years.lowerBound, years.upperBound])
            }
        return try await completed(
            sample(of: listing.reading(SongEntry.columns), arguments, limit: limit, SongEntry.init(row:)))
    }

    /// The songs of an artist that were played most often, then the rated ones.
    public func topSongs(ofArtist id: String, account: Int64, limit: Int) async throws -> [SongEntry] {
        let complete = completing
        return try await database.read { db in
            var songs = try db.all(
                """
                SELECT \(SongEntry.columns.joined(separator: ", ")) FROM credit JOIN track ON track.id = credit.track
                WHERE credit.artist = (SELECT id FROM artist WHERE id = ? AND account = ?) AND credit.isOfAlbum = 0
                ORDER BY track.plays DESC, track.rating DESC, track.favourite DESC, track.added DESC LIMIT ?
                """, [id, account, limit], SongEntry.init(row:))
            try complete(&songs, db)
            return songs
        }
    }

    /// Songs that share an artist or a genre with these, chosen at random, and none of these.
    public func similarSongs(to seeds: [SongEntry], account: Int64, limit: Int) async throws -> [SongEntry] {
        guard limit > 0, let first = seeds.first else { return [] }
        var genres: [String: Int] = [:]
        for genre in seeds.flatMap(\.track.genres) { genres[genre, default: 0] += 1 }
        let chosen = genres.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(3).map(\.key)
        var (seen, found) = (Set(seeds.map(\.track.id)), [SongEntry]())
        func take(_ songs: [SongEntry], _ most: Int) {
            found += songs.filter { seen.insert($0.track.id).inserted }.prefix(most)
        }
        take(
            try await sample(
                of: .tracksOfArtist.reading(SongEntry.columns), [first.track.artistID, account], limit: min(500, limit),
                SongEntry.init(row:)), chosen.isEmpty ? limit : max(1, limit / 3))
        for genre in chosen {
            let most = (limit - found.count + chosen.count - 1) / chosen.count
            take(try await randomSongs(account: account, genre: genre, limit: min(500, limit + seeds.count)), max(1, most))
        }
        return try await completed(Array(found.shuffled().prefix(limit)))
    }

    private func completed(_ songs: [SongEntry]) async throws -> [SongEntry] {
        let complete = completing
        return try await database.read { db in
            var songs = songs
            try complete(&songs, db)
            return songs
        }
    }

    /// The lyrics of the first of the account's tracks with this title, by this artist.
    ///
    /// - Parameter artist: as the tags have it, or one of several, compared without case; empty for tracks without one, nil for any.
    public func lyrics(title: String, artist: String?, account: Int64) async throws -> (song: Track, lyrics: TrackTags.Lyrics)? {
        try await database.read { db in
            let (order, wantedArtist) = (Track.order(of: title), artist?.lowercased())
            let (name, wanted) = (db.dialect.caseless("title"), db.dialect.caseless("?"))
            // A track with a sort title is ordered by that, and found by its title itself.
            for (condition, value) in [("titleOrder = ?", order), ("titleSort <> '' AND \(name) = \(wanted)", title)] {
                let tracks = try Track.all(
                    where: """
                        account = ? AND \(condition) AND EXISTS (SELECT 1 FROM lyrics WHERE lyrics.track = track.id)
                        ORDER BY id LIMIT 100
                        """, [account, value], db)
                let fitting = tracks.first { track in
                    let names = [track.artist] + track.artists.map(\.name)
                    return Track.order(of: track.title) == order
                        && (wantedArtist == nil || names.contains { $0.lowercased() == wantedArtist })
                }
                guard let song = fitting else { continue }
                let lyrics = try db.first("SELECT text, isSynchronised FROM lyrics WHERE track = ?", [song.id]) {
                    TrackTags.Lyrics(text: $0[0], isSynchronised: $0[1])
                }
                return lyrics.map { (song, $0) }
            }
            return nil
        }
    }
}
