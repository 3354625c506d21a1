extension Catalogue {
    /// The most items that a search finds of one kind.
    public static let mostFound = 2000

    /// Finds as ``search(_:account:limit:)`` does, and returns other pieces of what is found. A single letter finds the names
    /// that have it as a word.
    ///
    /// - Parameters:
    ///   - artists: the places of the artists to return, from 0 on; likewise for albums and songs.
    public func search(
        _ text: String, account: Int64, artists: Range<Int>, albums: Range<Int>, songs: Range<Int>
    ) async throws -> (artists: [ArtistEntry], albums: [AlbumEntry], songs: [SongEntry]) {
        guard let text = SearchText.query(text, isOfLetters: true) else { return ([], [], []) }
        let complete = completing
        return try await database.read { db in
            func ids(_ kind: String, _ places: Range<Int>) throws -> [String] {
                let most = min(places.upperBound, Self.mostFound)
                guard places.lowerBound < most, !places.isEmpty else { return [] }
                return Array(try Self.items(text, owner: "\(kind)\(account)", limit: most, db).dropFirst(places.lowerBound))
            }
            func rows<Item>(_ listing: Listing, _ ids: [String], _ item: (Row) throws -> Item?) throws -> [Item] {
                let statement = listing.statement(continued: false)
                return try ids.compactMap { id in try db.first(statement, [id, account, 1], item) ?? nil }
            }
            var foundArtists = try rows(.oneArtist.reading(ArtistEntry.columns), try ids("r", artists)) {
                Artist.isListed($0) ? ArtistEntry(row: $0) : nil
            }
            try Self.countAlbums(account)(&foundArtists, db)
            var foundAlbums = try rows(.oneAlbum.reading(AlbumEntry.columns), try ids("l", albums)) { AlbumEntry(row: $0) }
                .filter { $0.album.tracks > 0 }
            try Self.complete(&foundAlbums, db)
            var foundSongs = try Self.songs(ids: try ids("t", songs), account: account, db)
            try complete(&foundSongs, db)
            return (foundArtists, foundAlbums, foundSongs)
        }
    }
}
