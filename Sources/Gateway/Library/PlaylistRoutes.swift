import Hummingbird
import Locker
import Streaming

/// `/api/v1/playlists`.
struct PlaylistRoutes: Sendable {
    private static let longestName = 500
    /// Bytes; 10,000 ids of 22 letters take a quarter of it.
    private static let longestBody = 1 << 20
    private static let advice = #"send {"name": 1 to 500 bytes without control characters, "tracks": [at most 10000 ids]}"#

    let catalogue: Catalogue
    let engine: StreamEngine

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Playlists
        routes.resource(
            "/api/v1/playlists", [.read(.library, Document.list, list), .on(.post, .library, Document.add, add)])
        routes.resource(
            "/api/v1/playlists/:playlist",
            [
                .read(.library, Document.one, one), .on(.patch, .library, Document.change, change),
                .on(.delete, .library, Document.remove, remove)
            ])
        routes.resource("/api/v1/playlists/:playlist/tracks", [.read(.library, Document.tracks, tracks)])
    }

    private struct PlaylistDocument: Encodable {
        var id: String
        var name: String
        var tracks: Int
        /// Seconds.
        var duration: Double
        var created: String
        var changed: String

        init(_ playlist: Playlist) {
            id = playlist.id
            name = playlist.name
            tracks = playlist.tracks
            duration = playlist.duration
            created = TrackDocument.timestamp(milliseconds: playlist.created)
            changed = TrackDocument.timestamp(milliseconds: playlist.changed)
        }
    }

    private struct PlaylistRequest: Decodable {
        var name: PlainText?
        var tracks: [PlainText]?
    }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let page = try await catalogue.playlists(account: context.account, after: request.after, limit: request.pageLimit)
        return try Response(json: ListDocument(page, PlaylistDocument.init), for: request)
    }

    @Sendable private func one(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("playlist")
        guard let playlist = try await catalogue.playlist(id: id, account: context.account) else { throw Problem.notFound() }
        return try Response(json: PlaylistDocument(playlist), for: request)
    }

    @Sendable private func tracks(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("playlist")
        let page = try await catalogue.tracks(
            ofPlaylist: id, account: context.account, after: request.after, at: request.place, limit: request.pageLimit)
        guard let page else { throw Problem.notFound() }
        return try await engine.response(page, for: request, context)
    }

    @Sendable private func add(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let asked = try await body(of: request)
        guard let name = asked.name?.text else { throw Problem.badRequest(Self.advice) }
        try requireRoom(for: asked.tracks, context)
        let playlist: Playlist
        do {
            playlist = try await catalogue.addPlaylist(
                named: name, tracks: asked.tracks?.map(\.text) ?? [], account: try context.account,
                ofAtMost: context.plan.terms.playlists)
        } catch CatalogueError.tooManyPlaylists {
            throw Problem.overQuota(
                "the plan has no room for another playlist: delete one, or ask for a larger plan", limit: .playlists)
        }
        return try Response(
            json: PlaylistDocument(playlist), status: .created, headers: [.location: "/api/v1/playlists/\(playlist.id)"],
            for: request)
    }

    @Sendable private func change(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("playlist")
        let asked = try await body(of: request)
        try requireRoom(for: asked.tracks, context)
        let playlist = try await catalogue.changePlaylist(
            id: id, name: asked.name?.text, tracks: asked.tracks?.map(\.text), account: try context.account)
        guard let playlist else { throw Problem.notFound() }
        return try Response(json: PlaylistDocument(playlist), for: request)
    }

    @Sendable private func remove(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("playlist")
        guard try await catalogue.removePlaylist(id: id, account: context.account) else { throw Problem.notFound() }
        return Response(status: .noContent)
    }

    private func requireRoom(for tracks: [PlainText]?, _ context: GatewayContext) throws {
        let most = context.plan.terms.playlistTracks
        guard tracks?.count ?? 0 > most else { return }
        throw Problem.overQuota(
            "the plan allows \(most) tracks in a playlist: leave some out, or ask for a larger plan", limit: .playlistTracks)
    }

    private func body(of request: Request) async throws -> PlaylistRequest {
        let asked: PlaylistRequest = try await request.json(upTo: Self.longestBody, advice: Self.advice)
        if let name = asked.name?.text {
            guard !name.allSatisfy(\.isWhitespace), name.utf8.count <= Self.longestName else {
                throw Problem.badRequest(Self.advice)
            }
        }
        guard (asked.tracks?.count ?? 0) <= Playlist.mostTracks else { throw Problem.badRequest(Self.advice) }
        return asked
    }
}
