import Foundation
import Locker

/// Searches, which are also how clients read the whole library: a search for nothing finds everything, page by page.
struct SubsonicSearch: Sendable {
    /// The most items of each kind in one answer.
    private static let mostItems = 10_000

    let catalogue: Catalogue

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.route("search", scope: .library, search)
        endpoints.route("search2", scope: .library) { request, account in
            let found = try await find(request, account)
            return SubsonicAnswer(
                "searchResult2",
                [
                    "artist": .list(found.artists) { SubsonicElement(folder: $0) },
                    "album": .list(found.albums) { SubsonicElement(directory: $0) },
                    "song": .list(found.songs) { SubsonicElement($0) }
                ])
        }
        endpoints.route("search3", scope: .library) { request, account in
            let found = try await find(request, account)
            return SubsonicAnswer(
                "searchResult3",
                [
                    "artist": .list(found.artists) { SubsonicElement($0) },
                    "album": .list(found.albums) { SubsonicElement($0) },
                    "song": .list(found.songs) { SubsonicElement($0) }
                ])
        }
    }

    private typealias Found = (artists: [ArtistEntry], albums: [AlbumEntry], songs: [SongEntry])

    private func find(_ request: SubsonicRequest, _ account: Int64) async throws -> Found {
        try request.checkFolder()
        func piece(_ kind: String) throws -> (offset: Int, count: Int) {
            (
                min(try request.offset("\(kind)Offset"), Int(Int32.max)),
                try request.count("\(kind)Count", or: 20, atMost: Self.mostItems)
            )
        }
        let (artist, album, song) = (try piece("artist"), try piece("album"), try piece("song"))
        guard let words = Self.words(try request.optional("query") ?? "") else {
            return (
                try await catalogue.artistEntries(account: account, at: artist.offset, limit: artist.count),
                try await catalogue.albumEntries(.byName, account: account, at: album.offset, limit: album.count),
                try await catalogue.songs(account: account, at: song.offset, limit: song.count)
            )
        }
        func places(_ piece: (offset: Int, count: Int)) -> Range<Int> { piece.offset..<piece.offset + piece.count }
        return try await catalogue.search(
            words, account: account, artists: places(artist), albums: places(album), songs: places(song))
    }

    /// The words of a query without the signs around them that are syntax at other servers. Nil for a query of everything, which
    /// clients write as nothing, as two quotation marks of either kind, and as an asterisk.
    static func words(_ query: String) -> String? {
        let words = query.trimmingCharacters(in: CharacterSet(charactersIn: "\"'* \t"))
        return words.isEmpty ? nil : words
    }

    /// The search of old clients, for songs alone.
    @Sendable private func search(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        var words: [String] = []
        for name in ["any", "artist", "album", "title"] { words += [try request.optional(name) ?? ""] }
        let count = try request.count("count", or: 20, atMost: 500)
        let offset = min(try request.offset(), Int(Int32.max))
        let since = try request.number("newerThan") ?? 0
        func answer(_ songs: some Collection<SongEntry>, of total: Int) -> SubsonicAnswer {
            SubsonicAnswer(
                "searchResult",
                [
                    "offset": .number(offset), "totalHits": .number(total), "match": .list(Array(songs)) { SubsonicElement($0) }
                ])
        }
        var found: [SongEntry]
        if let text = Self.words(words.joined(separator: " ")) {
            found = try await catalogue.search(
                text, account: account, artists: 0..<0, albums: 0..<0, songs: 0..<Catalogue.mostFound
            ).songs
        } else {
            let whole = try await catalogue.account(id: account)?.tracks ?? 0
            guard since > 0 else {
                return answer(try await catalogue.songs(account: account, at: offset, limit: count), of: whole)
            }
            // The latest come last.
            found = try await catalogue.songs(
                account: account, at: max(0, whole - Catalogue.mostFound), limit: Catalogue.mostFound)
        }
        found.removeAll { $0.track.added <= since }
        return answer(found.dropFirst(offset).prefix(count), of: found.count)
    }
}
