extension Catalogue {
    /// Some of the account's albums. A whole list ends with the tracks that are on no album, by artist; see ``AlbumEntry``.
    public func albumEntries(
        _ choice: AlbumChoice, account: Int64, at place: Int = 0, limit: Int = .max
    ) async throws -> [AlbumEntry] {
        let (listing, arguments) = (choice.listing, choice.arguments(account))
        var found = try await albumEntries(of: listing, arguments, at: place, limit: limit)
        guard choice.isWhole, found.count < limit else { return found }
        let total = try await database.read { try listing.total(arguments, $0) }
        found += try await albumEntries(
            of: .unnamedAlbums, [account], at: max(0, place - total), limit: limit - found.count)
        return found
    }

    private func albumEntries(
        of listing: Listing, _ arguments: [any Bindable], at place: Int = 0, limit: Int = .max
    ) async throws -> [AlbumEntry] {
        try await items(
            of: listing.reading(AlbumEntry.columns), arguments, at: place, limit: limit, { AlbumEntry(row: $0) },
            completing: Self.complete)
    }

    /// Gives albums their genres and the titles of their discs, and those without a name their counts.
    static func complete(_ albums: inout [AlbumEntry], _ db: any Connection) throws {
        let ids = albums.map(\.album.id)
        let genres = try genres(ofAlbums: ids, db)
        var discs: [String: [(number: Int, title: String)]] = [:]
        try rows(of: ids, db) { marks in
            """
            SELECT albumId, disc, min(discTitle) FROM track WHERE albumId IN (\(marks)) AND discTitle <> ''
            GROUP BY albumId, disc ORDER BY albumId, disc
            """
        } _: {
            discs[$0[0], default: []].append(($0[1], $0[2]))
        }
        for place in albums.indices {
            let id = albums[place].album.id
            albums[place].genres = genres[id] ?? []
            albums[place].discs = discs[id] ?? []
            guard albums[place].album.name.isEmpty else { continue }
            let counts = try db.first(
                """
                SELECT count(*), coalesce(sum(samples * 1000000 / sampleRate), 0), coalesce(max(added), 0), coalesce(max(played), 0)
                FROM track WHERE albumId = ?
                """, [id]
            ) { (tracks: $0[0] as Int, microseconds: $0[1] as Int, added: $0[2] as Int, played: $0[3] as Int) }
            guard let counts else { continue }
            albums[place].album.tracks = counts.tracks
            albums[place].album.duration = Double(counts.microseconds) / 1_000_000
            albums[place].album.added = counts.added
            albums[place].played = counts.played > 0 ? counts.played : nil
        }
    }

    /// The genres of albums, that of most tracks first. They are put in order here: a database would sort thousands of rows with
    /// names of genres in them.
    private static func genres(ofAlbums ids: [String], _ db: any Connection) throws -> [String: [String]] {
        var found: [(album: String, genres: [(genre: Int, tracks: Int)])] = []
        try rows(of: ids, db) { marks in
            "SELECT album, genre, tracks FROM albumGenre WHERE album IN (\(marks)) ORDER BY album, tracks"
        } _: { row in
            let album: String = row[0]
            if found.last?.album != album { found.append((album, [])) }
            found[found.count - 1].genres.append((row[1], row[2]))
        }
        var known: [(genre: Int, name: String, order: String)] = []
        try rows(of: Set(found.flatMap { $0.genres.map(\.genre) }).sorted(), db) { marks in
            "SELECT id, name, nameOrder FROM genre WHERE id IN (\(marks))"
        } _: {
            known.append(($0[0], $0[1], $0[2]))
        }
        known.sort { $0.order.utf8.lexicographicallyPrecedes($1.order.utf8) }
        let places = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1.genre, $0) })
        var names: [String: [String]] = [:]
        for (album, genres) in found {
            let listed = genres.compactMap { genre, tracks in places[genre].map { (place: $0, tracks: tracks) } }
            names[album] = listed.sorted { ($1.tracks, $0.place) < ($0.tracks, $1.place) }.map { known[$0.place].name }
        }
        return names
    }

    /// Gives `body` the rows of a statement about items, of which `?` are the ids. A statement for each item would take as long as all
    /// else of a page; two are prepared, whatever the number of items.
    private static func rows(
        of ids: [some Bindable], _ db: any Connection, _ statement: (_ marks: String) -> String, _ body: (Row) -> Void
    ) throws {
        var rest = ids[...]
        while let first = rest.first {
            let count = rest.count == 1 ? 1 : 100
            let some = rest.prefix(count)
            rest = rest.dropFirst(count)
            let marks = repeatElement("?", count: count).joined(separator: ", ")
            let arguments = (some + repeatElement(first, count: count - some.count)).map { $0 as any Bindable }
            try db.rows(statement(marks), arguments) { row in
                body(row)
                return true
            }
        }
    }

    /// The account's album with this id, or its tracks without an album; nil if it has no tracks.
    public func albumEntry(id: String, account: Int64) async throws -> AlbumEntry? {
        try await albumEntries(of: .oneAlbum, [id, account], limit: 1).first { $0.album.tracks > 0 }
    }

    /// All albums of an artist, the oldest first, with the tracks that are on no album at the end; other artists' albums with
    /// its tracks, if it has none of its own.
    public func albumEntries(ofArtist id: String, account: Int64) async throws -> [AlbumEntry] {
        let own =
            try await albumEntries(of: .albumsOfArtist, [id, account])
            + albumEntries(of: .unnamedAlbumOfArtist, [id, account])
        return try await own.isEmpty ? albumEntries(of: .appearances, [id, account]) : own
    }

    /// Some albums chosen at random, and the tracks that are on no album where they have room.
    ///
    /// - Parameter limit: Clamped to 1...500.
    public func randomAlbumEntries(account: Int64, limit: Int) async throws -> [AlbumEntry] {
        let albums = try await sample(
            of: AlbumSort.newest.listing.reading(AlbumEntry.columns), [account], limit: limit
        ) { AlbumEntry(row: $0) }
        return try await database.read { db in
            var albums = albums
            try Self.complete(&albums, db)
            return albums
        } + (albums.count < limit ? albumEntries(of: .unnamedAlbums, [account], limit: limit - albums.count) : [])
    }

    /// How many albums a whole list has.
    public func albumCount(account: Int64) async throws -> Int {
        try await database.read { db in
            try AlbumSort.name.listing.total([account], db) + Listing.unnamedAlbums.total([account], db)
        }
    }
}
