import Hummingbird
import Locker

/// `/api/v1/me/taste`: whether the account lets its taste be learned. Nothing is learned until it says so, and what was learned
/// is erased when it says that it may not.
struct TasteRoutes: Sendable {
    let catalogue: Catalogue

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Accounts
        routes.resource(
            "/api/v1/me/taste",
            [
                .read(.admin, Document.taste, show), .on(.put, .admin, Document.setTaste, set),
                .on(.delete, .admin, Document.forgetTaste, forget)
            ])
    }

    private struct TasteDocument: Encodable {
        var enabled: Bool
        @Nullable var since: String?
        @Nullable var asked: String?
        var plays: Int
        var skips: Int
        var tracks: Int

        init(_ state: TasteState) {
            enabled = state.isOn
            since = state.since.map { Timestamp.text(milliseconds: $0) }
            asked = state.asked.map { Timestamp.text(milliseconds: $0) }
            (plays, skips, tracks) = (state.plays, state.skips, state.tracks)
        }
    }

    private struct TasteRequest: Decodable {
        var enabled: Bool
    }

    @Sendable private func show(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let state = try await catalogue.taste(account: context.account) else { throw Problem.unauthorised }
        return try Response(json: TasteDocument(state), for: request)
    }

    @Sendable private func set(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let asked: TasteRequest = try await request.json(upTo: 4096, advice: #"send {"enabled": true or false}"#)
        guard let state = try await catalogue.setTaste(asked.enabled, account: context.account) else {
            throw Problem.unauthorised
        }
        return try Response(json: TasteDocument(state), for: request)
    }

    @Sendable private func forget(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try await catalogue.setTaste(false, account: context.account)
        return Response(status: .noContent)
    }
}
