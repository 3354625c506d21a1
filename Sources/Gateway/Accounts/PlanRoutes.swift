import Audio
import Hummingbird

/// `/api/v1/plans`: the account's plan, the plans that the operator shows, and where another is to be had.
struct PlanRoutes: Sendable {
    let plans: OfferedPlans
    let upgrade: PlanUpgrade

    func add(to routes: inout Routes) {
        routes.resource("/api/v1/plans", [.read(.admin, OpenAPI.Accounts.plans, show)])
    }

    private struct PlansDocument: Encodable {
        /// Null if accounts have no plans.
        @Nullable var plan: String?
        @Nullable var upgrade: String?
        var plans: [PlanDocument]
    }

    private struct PlanDocument: Encodable {
        var name: String
        @Nullable var quota: Int?
        @Nullable var maxRendition: String?
        var lossless: Bool
        @Nullable var streams: Int?
        @Nullable var playlists: Int?
        var playlistTracks: Int
        @Nullable var history: Int?
        @Nullable var title: String?
        @Nullable var price: String?

        init(_ name: String, _ plan: Plan) {
            self.name = name
            (quota, maxRendition, lossless, streams) = (plan.quota?.bytes, plan.best?.name, plan.isLossless, plan.streams)
            (playlists, playlistTracks, history) = (plan.playlists, plan.playlistTracks, plan.history)
            (title, price) = (plan.title, plan.price)
        }
    }

    @Sendable private func show(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let own = context.plan.name else {
            return try Response(json: PlansDocument(plan: nil, upgrade: nil, plans: []), for: request)
        }
        let names = upgrade.plans.contains(own) ? upgrade.plans : [own] + upgrade.plans
        let shown = names.map { name in PlanDocument(name, name == own ? context.plan.terms : plans.plan(name).terms) }
        return try Response(json: PlansDocument(plan: own, upgrade: upgrade.url, plans: shown), for: request)
    }
}
