import Foundation
import HTTPTypes
import Hummingbird
import Locker
import Packaging

/// `/api/v1/offers` and `/api/v1/me/offers`: one thing that the operator offers, and that it is not wanted.
struct OfferRoutes: Sendable {
    let offers: Offers
    private var catalogue: Catalogue { offers.catalogue }

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Offers
        routes.resource("/api/v1/offers", [.read(.admin, Document.current, current)])
        routes.resource("/api/v1/offers/:offer/shown", [.on(.post, .admin, Document.shown, shown)])
        routes.resource("/api/v1/offers/:offer/clicked", [.on(.post, .admin, Document.clicked, clicked)])
        routes.resource("/api/v1/offers/:offer/dismissed", [.on(.post, .admin, Document.dismissed, dismissed)])
        routes.resource("/api/v1/offers/:offer/picture", [.read(.admin, Document.picture, picture)])
        routes.resource(
            "/api/v1/me/offers",
            [
                .read(.admin, Document.settings, settings), .on(.put, .admin, Document.set, set),
                .on(.delete, .admin, Document.forget, forget)
            ])
    }

    private struct CurrentDocument: Encodable {
        @Nullable var offer: OfferDocument?
    }

    /// What is on offer changes by itself, so no one keeps the answer.
    @Sendable private func current(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let found = try await offers.current(for: context.account, plan: context.plan.name)
        let document = CurrentDocument(offer: found.map { OfferDocument($0.offer, $0.reason) })
        return try TextAnswer([UInt8](JSONEncoder.gateway.encode(document)), type: "application/json")
            .response(to: request, headers: [.cacheControl: "no-store"])
    }

    /// The offer that the path names. Throws 404 if the feed has none.
    private func known(_ context: GatewayContext) throws -> Offer {
        guard let offer = offers.board.feed[try context.parameters.require("offer")] else { throw Problem.notFound() }
        return offer
    }

    @Sendable private func shown(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try await catalogue.noteShown(offer: known(context).id, account: context.account)
        return Response(status: .noContent)
    }

    @Sendable private func clicked(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try await catalogue.noteClicked(offer: known(context).id, account: context.account)
        return Response(status: .noContent)
    }

    @Sendable private func dismissed(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard try await catalogue.dismiss(offer: known(context).id, account: context.account) else { throw Problem.unauthorised }
        return Response(status: .noContent)
    }

    @Sendable private func picture(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let (folder, name) = (offers.board.feed.folder, try known(context).picture)
        guard let name, let picture = try await offers.board.picture(name, in: folder) else { throw Problem.notFound() }
        let tag = EntityTag.bytes(picture.bytes)
        var headers: HTTPFields = [.eTag: EntityTag.quoted(tag), .cacheControl: "private, no-cache"]
        switch ConditionalAnswer(toConditionsOf: request.head, entityTag: tag) {
        case .preconditionFailed: throw Problem.preconditionFailed(entityTag: tag)
        case .notModified: return Response(status: .notModified, headers: headers)
        default: break
        }
        headers[.contentType] = picture.type
        headers[.xContentTypeOptions] = "nosniff"
        return Response(status: .ok, headers: headers, content: picture.bytes, for: request.method)
    }

    private struct SettingsDocument: Encodable {
        var enabled: Bool
        var available: Bool
        var dismissed: Int
    }

    private struct SettingsRequest: Decodable {
        var enabled: Bool
    }

    @Sendable private func settings(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let state = try await catalogue.offers(account: context.account) else { throw Problem.unauthorised }
        let document = SettingsDocument(
            enabled: state.isOn, available: !offers.board.feed.offers.isEmpty, dismissed: state.dismissed.count)
        return try Response(json: document, for: request)
    }

    @Sendable private func set(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let asked: SettingsRequest = try await request.json(upTo: 4096, advice: #"send {"enabled": true or false}"#)
        guard try await catalogue.setOffers(asked.enabled, account: context.account) else { throw Problem.unauthorised }
        return try await settings(request, context)
    }

    @Sendable private func forget(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try await catalogue.forgetDismissedOffers(account: context.account)
        return Response(status: .noContent)
    }
}
