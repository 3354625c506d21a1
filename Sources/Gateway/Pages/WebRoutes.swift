import Hummingbird

/// The web player: its page at `/` and at the path of every view, and its files. None of them needs credentials: the page asks
/// the API, which does.
struct WebRoutes: Sendable {
    /// The paths of the player's views. Others are 404, but `/setup`, which ``SetupRoutes`` has.
    static let views = [
        "/", "/library", "/albums", "/album/:id", "/artists", "/artist/:id", "/tracks", "/track/:id", "/genres", "/genre",
        "/playlists", "/playlist/:id", "/smart", "/smart/:id", "/search", "/queue", "/playing", "/device", "/history", "/deleted",
        "/uploads",
        "/account", "/scrobbling", "/taste", "/year", "/year/:year", "/settings", "/login", "/share/:token"
    ]

    let site: WebSite

    func add(to routes: inout Routes) {
        for path in Self.views { routes.resource(path, [.read(.everybody, nil, page)]) }
        for (path, asset) in site.assets {
            routes.resource(path, [.read(.everybody, nil) { request, _ in try asset.response(to: request) }])
        }
    }

    @Sendable private func page(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try site.page.response(to: request)
    }
}
