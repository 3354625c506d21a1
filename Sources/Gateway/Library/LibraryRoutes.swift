import Audio
import HTTPTypes
import Hummingbird
import Locker
import Streaming

/// `/api/v1/artists`, `/albums`, `/genres`, and `/search`, and favourites and ratings of tracks, albums and artists.
struct LibraryRoutes: Sendable {
    /// Bytes of the longest search.
    private static let longestSearch = 500

    let catalogue: Catalogue
    let engine: StreamEngine

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Library
        routes.resource("/api/v1/artists", [.read(.library, Document.artists, artists)])
        routes.resource("/api/v1/artists/:artist", [.read(.library, Document.artist, artist)])
        routes.resource("/api/v1/albums", [.read(.library, Document.albums, albums)])
        routes.resource("/api/v1/albums/:album", [.read(.library, Document.album, album)])
        routes.resource("/api/v1/genres", [.read(.library, Document.genres, genres)])
        routes.resource("/api/v1/search", [.read(.library, Document.search, search)])
        for kind in Markable.allCases {
            let path = "/api/v1/\(kind.rawValue)s/:\(kind.rawValue)"
            routes.resource(
                "\(path)/favourite",
                [
                    .on(.put, .library, Document.favour) { try await setFavourite(true, kind, $0, $1) },
                    .on(.delete, .library, Document.disfavour) { try await setFavourite(false, kind, $0, $1) }
                ])
            routes.resource(
                "\(path)/rating", [.on(.put, .library, Document.rate) { try await setRating(kind, $0, $1) }])
        }
    }

    @Sendable private func artists(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let (account, after, place) = (try context.account, request.after, try request.place)
        let limit = try request.pageLimit
        let page =
            try request.asksForFavourites
            ? await catalogue.favouriteArtists(account: account, after: after, at: place, limit: limit)
            : await catalogue.artists(account: account, after: after, at: place, limit: limit)
        return try Response(json: ListDocument(page, ArtistDocument.init), for: request)
    }

    @Sendable private func artist(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("artist")
        guard let artist = try await catalogue.artist(id: id, account: context.account) else { throw Problem.notFound() }
        return try Response(json: ArtistDocument(artist), for: request)
    }

    @Sendable private func albums(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let (account, after, place) = (try context.account, request.after, try request.place)
        let limit = try request.pageLimit
        let query = request.uri.queryParameters
        let page: Page<Album>
        if try request.asksForFavourites {
            page = try await catalogue.favouriteAlbums(account: account, after: after, at: place, limit: limit)
        } else if let artist = query["appearsOn"].map(String.init) {
            page = try await catalogue.albums(account: account, withArtist: artist, after: after, at: place, limit: limit)
        } else if let artist = query["artist"].map(String.init) {
            page = try await catalogue.albums(account: account, ofArtist: artist, after: after, at: place, limit: limit)
        } else if query["sort"] == "random" {
            try request.requireNoPlace()
            page = Page(items: try await catalogue.randomAlbums(account: account, limit: limit))
        } else {
            let sort = try request.sort(or: AlbumSort.name, alsoNamed: ["random"])
            page = try await catalogue.albums(account: account, sort: sort, after: after, at: place, limit: limit)
        }
        return try Response(json: ListDocument(page, AlbumDocument.init), for: request)
    }

    @Sendable private func album(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("album")
        guard let album = try await catalogue.album(id: id, account: context.account) else { throw Problem.notFound() }
        let loudness = try await catalogue.loudness(ofAlbum: id, account: context.account)
        return try Response(json: WholeAlbumDocument(album, loudness: loudness), for: request)
    }

    private struct GenreDocument: Encodable {
        var name: String
        var tracks: Int
    }

    @Sendable private func genres(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let page = try await catalogue.genres(
            account: context.account, after: request.after, at: request.place, limit: request.pageLimit)
        let document = ListDocument(page) { GenreDocument(name: $0.name, tracks: $0.tracks) }
        return try Response(json: document, for: request)
    }

    private struct SearchDocument: JSONWritable {
        var artists: [ArtistDocument]
        var albums: [AlbumDocument]
        var tracks: [TrackDocument]

        func write(to text: inout JSONText) throws {
            try text.object { text in
                text.key("albums")
                try text.value(encoding: albums)
                text.key("artists")
                try text.value(encoding: artists)
                text.key("tracks")
                text.array { text in for track in tracks { track.write(to: &text) } }
            }
        }
    }

    @Sendable private func search(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let query = request.uri.queryParameters
        guard let text = query["q"].map(String.init), text.utf8.count <= Self.longestSearch else {
            throw Problem.badRequest("q must have at most \(Self.longestSearch) bytes")
        }
        let limit = try request.count(or: 20, atMost: 100)
        let form = try await engine.form(for: request, context)
        let found = try await catalogue.search(text, account: context.account, limit: limit)
        let document = SearchDocument(
            artists: found.artists.map(ArtistDocument.init), albums: found.albums.map(AlbumDocument.init),
            tracks: found.tracks.map { TrackDocument($0, form) })
        return try Response(document, for: request)
    }

    private func setFavourite(
        _ isFavourite: Bool, _ kind: Markable, _ request: Request, _ context: GatewayContext
    ) async throws -> Response {
        let id = try await named(kind, context)
        guard try await catalogue.setFavourite(isFavourite, kind, id: id, account: context.account) else {
            throw Problem.notFound()
        }
        return Response(status: .noContent)
    }

    /// The id of the path, if it is an item's.
    ///
    /// - Throws: 404 for the rows that tracks without an album or an artist share: no list here has them.
    private func named(_ kind: Markable, _ context: GatewayContext) async throws -> String {
        let id = try context.parameters.require(kind.rawValue)
        let isThere =
            switch kind {
            case .track: true
            case .album: try await catalogue.album(id: id, account: context.account) != nil
            case .artist: try await catalogue.artist(id: id, account: context.account) != nil
            }
        guard isThere else { throw Problem.notFound() }
        return id
    }

    private struct RatingRequest: Decodable {
        var rating: Int
    }

    private func setRating(_ kind: Markable, _ request: Request, _ context: GatewayContext) async throws -> Response {
        let advice = #"send {"rating": 1 to 5, or 0 for none}"#
        let asked: RatingRequest = try await request.json(upTo: 1024, advice: advice)
        guard (0...5).contains(asked.rating) else { throw Problem.badRequest(advice) }
        let id = try await named(kind, context)
        guard try await catalogue.setRating(asked.rating, kind, id: id, account: context.account) else {
            throw Problem.notFound()
        }
        return Response(status: .noContent)
    }
}

extension ListDocument {
    /// The documents of a page's items.
    init<Element>(_ page: Page<Element>, _ document: (Element) -> Item) {
        self.init(items: page.items.map(document), next: page.next, total: page.total)
    }
}

extension Request {
    /// `?sort=`.
    ///
    /// - Parameter others: further values of `sort`, which the caller handles.
    /// - Throws: 400 if there is no such order.
    func sort<Sort: RawRepresentable<String> & CaseIterable>(
        or usual: Sort, alsoNamed others: [String] = []
    ) throws(Problem) -> Sort {
        guard let name = uri.queryParameters["sort"] else { return usual }
        guard let sort = Sort(rawValue: String(name)) else {
            throw .badRequest("sort must be one of \((Sort.allCases.map(\.rawValue) + others).joined(separator: ", "))")
        }
        return sort
    }

    /// - Throws: 400 if a place or a cursor is asked for in a list that has none: each random choice is another.
    func requireNoPlace() throws(Problem) {
        guard try place == nil, after == nil else { throw .badRequest("a random choice has neither at nor after") }
    }

    /// `?favourite=true`.
    var asksForFavourites: Bool {
        get throws {
            guard let text = uri.queryParameters["favourite"] else { return false }
            guard text == "true" else { throw Problem.badRequest("favourite must be true, or missing") }
            return true
        }
    }
}
