import Audio
import HTTPTypes
import Hummingbird
import Locker
import Streaming

/// `/api/v1/artists`, `/albums`, `/genres`, `/search` and `/queue`, and favourites and ratings of tracks, albums and artists.
struct LibraryRoutes: Sendable {
    private static let longestBody = 1 << 20
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
        routes.resource(
            "/api/v1/queue",
            [.read(.library, Document.queue, queue), .on(.put, .library, Document.setQueue, setQueue)])
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
        let (account, after, limit) = (try context.account, request.after, try request.pageLimit)
        let page =
            try request.asksForFavourites
            ? await catalogue.favouriteArtists(account: account, after: after, limit: limit)
            : await catalogue.artists(account: account, after: after, limit: limit)
        return try Response(json: ListDocument(items: page.items.map(ArtistDocument.init), next: page.next), for: request)
    }

    @Sendable private func artist(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("artist")
        guard let artist = try await catalogue.artist(id: id, account: context.account) else { throw Problem.notFound() }
        return try Response(json: ArtistDocument(artist), for: request)
    }

    @Sendable private func albums(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let (account, after, limit) = (try context.account, request.after, try request.pageLimit)
        let query = request.uri.queryParameters
        let page: Page<Album>
        if try request.asksForFavourites {
            page = try await catalogue.favouriteAlbums(account: account, after: after, limit: limit)
        } else if let artist = query["appearsOn"] {
            page = try await catalogue.albums(account: account, withArtist: String(artist), after: after, limit: limit)
        } else if let artist = query["artist"] {
            page = try await catalogue.albums(account: account, ofArtist: String(artist), after: after, limit: limit)
        } else {
            guard let sort = AlbumSort(rawValue: query["sort"].map(String.init) ?? "name") else {
                throw Problem.badRequest("sort must be one of \(AlbumSort.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            page = try await catalogue.albums(account: account, sort: sort, after: after, limit: limit)
        }
        return try Response(json: ListDocument(items: page.items.map(AlbumDocument.init), next: page.next), for: request)
    }

    @Sendable private func album(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("album")
        guard let album = try await catalogue.album(id: id, account: context.account) else { throw Problem.notFound() }
        return try Response(json: AlbumDocument(album), for: request)
    }

    private struct GenreDocument: Encodable {
        var name: String
        var tracks: Int
    }

    @Sendable private func genres(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let page = try await catalogue.genres(account: context.account, after: request.after, limit: request.pageLimit)
        let items = page.items.map { GenreDocument(name: $0.name, tracks: $0.tracks) }
        return try Response(json: ListDocument(items: items, next: page.next), for: request)
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
        guard let limit = Int(digits: query["limit"] ?? "20"), (1...100).contains(limit) else {
            throw Problem.badRequest("limit must be between 1 and 100")
        }
        let found = try await catalogue.search(text, account: context.account, limit: limit)
        let fingerprint = try await engine.knownFingerprint()
        let document = SearchDocument(
            artists: found.artists.map(ArtistDocument.init), albums: found.albums.map(AlbumDocument.init),
            tracks: found.tracks.map { TrackDocument($0, offered: context.plan.offered, fingerprint: fingerprint) })
        return try Response(document, for: request)
    }

    private struct QueueDocument: Encodable {
        var tracks: [String]
        @Nullable var current: Int?
        /// Seconds.
        var position: Double
        @Nullable var changed: String?
    }

    private struct QueueRequest: Decodable {
        var tracks: [PlainText]
        var current: Int?
        var position: Double?
    }

    @Sendable private func queue(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let queue = try await catalogue.playQueue(account: context.account)
        let document = QueueDocument(
            tracks: queue?.tracks ?? [], current: queue?.current, position: Double(queue?.position ?? 0) / 1000,
            changed: queue.map { TrackDocument.timestamp(milliseconds: $0.changed) })
        return try Response(json: document, for: request)
    }

    @Sendable private func setQueue(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let advice = #"send {"tracks": [at most 10000 ids], "current": a place among them, "position": seconds in it}"#
        let asked: QueueRequest = try await request.json(upTo: Self.longestBody, advice: advice)
        let position = asked.position ?? 0
        guard asked.tracks.count <= PlayQueue.mostTracks, (0...1e6).contains(position),
            asked.current.map(asked.tracks.indices.contains) ?? true
        else { throw Problem.badRequest(advice) }
        try await catalogue.setPlayQueue(
            tracks: asked.tracks.map(\.text), current: asked.current, position: Int(position * 1000), account: context.account)
        return Response(status: .noContent)
    }

    private func setFavourite(
        _ isFavourite: Bool, _ kind: Markable, _ request: Request, _ context: GatewayContext
    ) async throws -> Response {
        let id = try context.parameters.require(kind.rawValue)
        guard try await catalogue.setFavourite(isFavourite, kind, id: id, account: context.account) else {
            throw Problem.notFound()
        }
        return Response(status: .noContent)
    }

    private struct RatingRequest: Decodable {
        var rating: Int
    }

    private func setRating(_ kind: Markable, _ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require(kind.rawValue)
        let advice = #"send {"rating": 1 to 5, or 0 for none}"#
        let asked: RatingRequest = try await request.json(upTo: 1024, advice: advice)
        guard (0...5).contains(asked.rating) else { throw Problem.badRequest(advice) }
        guard try await catalogue.setRating(asked.rating, kind, id: id, account: context.account) else {
            throw Problem.notFound()
        }
        return Response(status: .noContent)
    }
}

extension Request {
    /// `?favourite=true`.
    var asksForFavourites: Bool {
        get throws {
            guard let text = uri.queryParameters["favourite"] else { return false }
            guard text == "true" else { throw Problem.badRequest("favourite must be true, or missing") }
            return true
        }
    }
}
