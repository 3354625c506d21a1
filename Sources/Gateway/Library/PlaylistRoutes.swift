import Audio
import Foundation
import Hummingbird
import Locker
import Packaging
import Streaming

/// `/api/v1/playlists`.
struct PlaylistRoutes: Sendable {
    private static let longestName = 500
    /// Bytes; 10,000 ids of 22 letters take a quarter of it.
    private static let longestBody = 1 << 20
    private static let advice = """
        send {"name": 1 to 500 bytes without control characters, "tracks": [at most 10000 ids]}, or "rules": {"all": [conditions]} \
        of at most 64 KiB in place of tracks
        """

    let catalogue: Catalogue
    let engine: StreamEngine

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Playlists
        routes.resource(
            "/api/v1/playlists", [.read(.library, Document.list, list), .on(.post, .library, Document.add, add)])
        routes.resource("/api/v1/playlists/fields", [.read(.library, Document.ruleFields, fields)])
        routes.resource(
            "/api/v1/playlists/:playlist",
            [
                .read(.library, Document.one, one), .on(.patch, .library, Document.change, change),
                .on(.delete, .library, Document.remove, remove)
            ])
        routes.resource("/api/v1/playlists/:playlist/tracks", [.read(.library, Document.tracks, tracks)])
        routes.resource("/api/v1/playlists/:playlist/frozen", [.on(.post, .library, Document.freeze, freeze)])
    }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let page = try await catalogue.playlists(account: context.account, after: request.after, limit: request.pageLimit)
        return try Response(json: ListDocument(page, PlaylistDocument.init), for: request)
    }

    @Sendable private func fields(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try Response(json: RuleFieldsDocument(), for: request)
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
        try requireRoom(for: asked.tracks?.count ?? 0, context)
        let (account, most) = (try context.account, context.plan.terms.playlists)
        return try await added(for: request) {
            guard let rules = asked.rules else {
                return try await catalogue.addPlaylist(
                    named: name, tracks: asked.tracks?.map(\.text) ?? [], account: account, ofAtMost: most)
            }
            return try await catalogue.addPlaylist(named: name, rules: SmartRules(rules), account: account, ofAtMost: most)
        }
    }

    @Sendable private func freeze(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("playlist")
        let terms = context.plan.terms
        return try await added(for: request) {
            let frozen: Playlist?
            do {
                frozen = try await catalogue.freezePlaylist(
                    id: id, account: context.account, ofAtMost: terms.playlists, mostTracks: terms.playlistTracks)
            } catch CatalogueError.overQuota {
                throw Self.tooManyTracks(terms.playlistTracks)
            }
            guard let frozen else { throw Problem.notFound() }
            return frozen
        }
    }

    /// The answer for a new playlist.
    private func added(for request: Request, _ add: () async throws -> Playlist) async throws -> Response {
        let playlist: Playlist
        do {
            playlist = try await add()
        } catch CatalogueError.tooManyPlaylists {
            throw Problem.overQuota(
                """
                the plan has no room for another playlist, or there are \(SmartRules.mostPlaylists) smart ones: delete one, or ask \
                for a larger plan
                """, limit: .playlists)
        }
        return try Response(
            json: PlaylistDocument(playlist), status: .created, headers: [.location: "/api/v1/playlists/\(playlist.id)"],
            for: request)
    }

    @Sendable private func change(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("playlist")
        let asked = try await body(of: request)
        try requireRoom(for: asked.tracks?.count ?? 0, context)
        let account = try context.account
        let playlist: Playlist?
        if let rules = asked.rules {
            playlist = try await catalogue.changePlaylist(
                id: id, name: asked.name?.text, rules: SmartRules(rules), account: account)
        } else {
            let precondition = Precondition(request)
            let changed = try await catalogue.changePlaylist(
                id: id, name: asked.name?.text, tracks: asked.tracks?.map(\.text), account: account
            ) { former in
                // The document of a smart one has a count that is no row's.
                guard let precondition, former.rules == nil else { return }
                try precondition.require(EntityTag.bytes([UInt8](JSONEncoder.gateway.encode(PlaylistDocument(former)))))
            }
            playlist = changed == nil ? nil : try await catalogue.playlist(id: id, account: account)
        }
        guard let playlist else { throw Problem.notFound() }
        return try Response(json: PlaylistDocument(playlist), for: request)
    }

    @Sendable private func remove(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("playlist")
        guard try await catalogue.removePlaylist(id: id, account: context.account) else { throw Problem.notFound() }
        return Response(status: .noContent)
    }

    private func requireRoom(for tracks: Int, _ context: GatewayContext) throws {
        let most = context.plan.terms.playlistTracks
        guard tracks <= most else { throw Self.tooManyTracks(most) }
    }

    private static func tooManyTracks(_ most: Int) -> Problem {
        .overQuota(
            "the plan allows \(most) tracks in a playlist: leave some out, or ask for a larger plan", limit: .playlistTracks)
    }

    private func body(of request: Request) async throws -> PlaylistRequest {
        guard let bytes = try await request.bytes(upTo: Self.longestBody) else { throw Problem.badRequest(Self.advice) }
        let data = Data(bytes.readableBytesView)
        let decoder = JSONDecoder()
        guard let kind = try? decoder.decode(PlaylistRequest.Kind.self, from: data),
            !kind.hasRules || data.count <= RulesFile.mostBytes,
            let asked = try? decoder.decode(PlaylistRequest.self, from: data), asked.tracks == nil || asked.rules == nil
        else { throw Problem.badRequest(Self.advice) }
        if let name = asked.name?.text {
            guard !name.allSatisfy(\.isWhitespace), name.utf8.count <= Self.longestName else {
                throw Problem.badRequest(Self.advice)
            }
        }
        guard (asked.tracks?.count ?? 0) <= Playlist.mostTracks else { throw Problem.badRequest(Self.advice) }
        return asked
    }
}
