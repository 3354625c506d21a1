import Hummingbird

/// Routes to media: open to pages of any origin, and to tickets.
struct MediaGroup {
    private let group: RouterGroup<GatewayContext>
    private let authentication: Authentication

    init(_ router: some RouterMethods<GatewayContext>, _ authentication: Authentication) {
        group = router.group().add(middleware: CrossOrigin()).add(middleware: ProblemMiddleware())
        self.authentication = authentication
    }

    func resource(_ path: RouterPath, _ answer: @escaping GatewayHandler) {
        let handler: GatewayHandler = { [authentication] request, context in
            try await authentication.handle(request, context: context) { try await answer($0, $1) }
        }
        let preflight: GatewayHandler = { request, context in CrossOrigin.preflight(request, context) }
        group.resource(path, [.get: handler, .head: handler, .options: preflight])
    }
}
