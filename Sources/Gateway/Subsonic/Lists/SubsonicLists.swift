import HTTPTypes
import Locker

/// Lists of albums and songs.
struct SubsonicLists: Sendable {
    private static let mostAlbums = 500

    let catalogue: Catalogue

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.route("getAlbumList", scope: .library) { request, account in
            try await albums(request, account, "albumList") { SubsonicElement(directory: $0) }
        }
        endpoints.route("getAlbumList2", scope: .library) { request, account in
            try await albums(request, account, "albumList2") { SubsonicElement($0) }
        }
        endpoints.route("getRandomSongs", scope: .library, randomSongs)
        endpoints.route("getSongsByGenre", scope: .library, songsByGenre)
        endpoints.route("getStarred", scope: .library) { request, account in
            SubsonicAnswer(
                "starred",
                try await favourites(
                    request, account, artist: { SubsonicElement(folder: $0) }, album: { SubsonicElement(directory: $0) }))
        }
        endpoints.route("getStarred2", scope: .library) { request, account in
            SubsonicAnswer(
                "starred2",
                try await favourites(
                    request, account, artist: { SubsonicElement($0) }, album: { SubsonicElement($0) }))
        }
    }

    private func albums(
        _ request: SubsonicRequest, _ account: Int64, _ name: StaticString,
        _ element: @escaping @Sendable (AlbumEntry) -> SubsonicElement
    ) async throws -> SubsonicAnswer {
        try request.checkFolder()
        let type = try request.text("type")
        let size = try request.count("size", or: 10, atMost: Self.mostAlbums)
        let offset = try request.offset()
        let albums: [AlbumEntry]
        var total: Int?
        if type == "random" {
            // Pages end, as those of other lists do: a client that reads until one is short would read for ever.
            let limit = min(size, max(0, try await catalogue.albumCount(account: account) - offset))
            albums = limit == 0 ? [] : try await catalogue.randomAlbumEntries(account: account, limit: limit)
        } else {
            let choice = try Self.choice(type, request)
            albums = try await catalogue.albumEntries(choice, account: account, at: offset, limit: size)
            if choice.isWhole { total = try await catalogue.albumCount(account: account) }
        }
        var answer = SubsonicAnswer(name, ["album": .list(albums, element)])
        if let total { answer.headers[.totalCount] = "\(total)" }
        return answer
    }

    private static func choice(_ type: String, _ request: SubsonicRequest) throws(SubsonicError) -> AlbumChoice {
        switch type {
        case "newest": return .newest
        case "highest": return .highest
        case "frequent": return .frequent
        case "recent": return .recent
        case "alphabeticalByName": return .byName
        case "alphabeticalByArtist": return .byArtist
        case "starred": return .favourites
        case "byYear":
            guard let from = try request.number("fromYear") else { throw .missing("fromYear") }
            guard let to = try request.number("toYear") else { throw .missing("toYear") }
            return .years(min(from, to)...max(from, to), isDescending: from > to)
        case "byGenre": return .genre(try request.text("genre"))
        default: throw SubsonicError(.parameter, "no list has the type \(type)")
        }
    }

    @Sendable private func randomSongs(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        try request.checkFolder()
        let size = try request.count("size", or: 10, atMost: 500)
        let genre = try request.optional("genre")
        let (from, to) = (try request.number("fromYear"), try request.number("toYear"))
        var years: ClosedRange<Int>?
        if from != nil || to != nil {
            let (first, last) = (from ?? 1, to ?? Int(Int32.max))
            years = min(first, last)...max(first, last)
        }
        let songs =
            size == 0
            ? []
            : try await catalogue.randomSongs(
                account: account, genre: genre.flatMap { $0.isEmpty ? nil : $0 }, years: years, limit: size)
        return SubsonicAnswer("randomSongs", ["song": .list(songs) { SubsonicElement($0) }])
    }

    @Sendable private func songsByGenre(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        try request.checkFolder()
        let genre = try request.text("genre")
        let count = try request.count("count", or: 10, atMost: 500)
        let songs = try await catalogue.songs(account: account, .genre(genre), at: try request.offset(), limit: count)
        return SubsonicAnswer("songsByGenre", ["song": .list(songs) { SubsonicElement($0) }])
    }

    private func favourites(
        _ request: SubsonicRequest, _ account: Int64, artist: @escaping @Sendable (ArtistEntry) -> SubsonicElement,
        album: @escaping @Sendable (AlbumEntry) -> SubsonicElement
    ) async throws -> SubsonicElement {
        try request.checkFolder()
        let artists = try await catalogue.favouriteArtistEntries(account: account)
        let albums = try await catalogue.albumEntries(.favourites, account: account)
        let songs = try await catalogue.songs(account: account, .favourites)
        return [
            "artist": .list(artists, artist), "album": .list(albums, album),
            "song": .list(songs) { SubsonicElement($0) }
        ]
    }
}

extension HTTPField.Name {
    /// Navidrome's field for the length of a list.
    static let totalCount = HTTPField.Name("X-Total-Count")!
}
