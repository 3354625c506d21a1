import Foundation
import Hummingbird
import Locker
import Streaming

/// `/api/v1/recommendations`, `/radio`, `/path` and `/hidden`: what an account may like, why, and what it does not want to see.
struct RecommendationRoutes: Sendable {
    private static let most = 100
    private static let mostOfRadio = 200

    let catalogue: Catalogue
    let engine: StreamEngine
    let suggestions: Suggestions

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Taste
        routes.resource("/api/v1/recommendations", [.read(.library, Document.recommendations, recommendations)])
        routes.resource("/api/v1/radio", [.read(.library, Document.radio, radio)])
        routes.resource("/api/v1/path", [.read(.library, Document.path, path)])
        routes.resource("/api/v1/hidden", [.read(.library, Document.hidden, hidden)])
        routes.resource(
            "/api/v1/hidden/:item",
            [.on(.put, .library, Document.hide, hide), .on(.delete, .library, Document.unhide, unhide)])
    }

    @Sendable private func recommendations(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let limit = try request.count(or: 20, atMost: Self.most)
        let form = try await engine.form(for: request, context)
        let list = try await suggestions.today(for: context.account, limit: limit)
        return try Response(SuggestionsDocument(list: list, form: form), for: request)
    }

    @Sendable private func radio(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let limit = try request.count(or: 50, atMost: Self.mostOfRadio)
        guard let text = request.uri.queryParameters["seed"], let seed = RadioSeed(String(text)) else {
            throw Problem.badRequest("seed must be track:, album:, artist: or playlist: with an id, or genre: with a name")
        }
        let form = try await engine.form(for: request, context)
        guard let items = try await suggestions.radio(from: seed, for: context.account, limit: limit) else {
            throw Problem.notFound()
        }
        return try Response(RadioDocument(items: items, form: form), for: request)
    }

    @Sendable private func path(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let from = request.uri.queryParameters["from"], let to = request.uri.queryParameters["to"] else {
            throw Problem.badRequest("from and to must be ids of tracks")
        }
        let form = try await engine.form(for: request, context)
        guard let path = try await suggestions.path(from: String(from), to: String(to), for: context.account) else {
            throw Problem.notFound()
        }
        let tracks = try await catalogue.tracks(ids: path.map(\.id), account: context.account)
        return try Response(ListDocument(items: tracks.map { TrackDocument($0, form) }), for: request)
    }

    @Sendable private func hidden(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let page = try await catalogue.hiddenItems(
            account: context.account, after: request.after, limit: request.pageLimit)
        return try Response(ListDocument(page) { HiddenDocument($0) }, for: request)
    }

    @Sendable private func hide(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let item = try context.parameters.require("item")
        guard let found = try await suggestions.item(item, for: context.account) else { throw Problem.notFound() }
        try await catalogue.hide(found, account: context.account)
        return Response(status: .noContent)
    }

    @Sendable private func unhide(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let item = try context.parameters.require("item")
        guard try await catalogue.unhide(item: item, account: context.account) else { throw Problem.notFound() }
        return Response(status: .noContent)
    }
}
