import HTTPTypes
import Hummingbird

/// The server's routes, and the only way to its router.
///
/// No route can be registered without its ``RouteScope``, which is checked in front of the handler it is registered with: what a request
/// may do follows from the route the router found, and from nothing that is read in its path again. `Decisions/Scopes.md` has why.
struct Routes {
    /// One method of one path.
    struct Operation: Hashable, Sendable {
        /// As the router has it: `/api/v1/tracks/:track`.
        var path: String
        var method: HTTPRequest.Method
        var scope: RouteScope
    }

    private let authentication: Authentication
    private let router = Router(context: GatewayContext.self)
    private(set) var operations: [Operation] = []

    init(authentication: Authentication, middleware: [any MiddlewareProtocol<Request, Response, GatewayContext>]) {
        self.authentication = authentication
        for middleware in middleware { router.add(middleware: middleware) }
    }

    /// Registers a resource: its methods, and 405 with `Allow` for every other.
    mutating func resource(_ path: String, _ routes: [GatewayRoute]) { add(path, routes, to: router) }

    /// Registers media: for pages of any origin, and for tickets.
    mutating func media(_ path: String, _ handler: @escaping GatewayHandler) {
        let open = router.group().add(middleware: CrossOrigin()).add(middleware: ProblemMiddleware())
        add(path, [.read(.media, handler), .options(.everybody) { CrossOrigin.preflight($0, $1) }], to: open)
    }

    func responder() -> EveryMethod<RouterResponder<GatewayContext>> { EveryMethod(routes: router.buildResponder()) }

    private mutating func add(_ path: String, _ routes: [GatewayRoute], to router: some RouterMethods<GatewayContext>) {
        var handlers: [HTTPRequest.Method: GatewayHandler] = [:]
        for route in routes {
            for method in route.methods {
                handlers[method] = authentication.guarding(route)
                operations.append(Operation(path: path, method: method, scope: route.scope))
            }
        }
        let allowed = handlers.keys.sorted { $0.rawValue < $1.rawValue }
        for method in HTTPRequest.Method.routed {
            let handler = handlers[method] ?? { _, _ in throw Problem.methodNotAllowed(allowed) }
            router.on(RouterPath(path), method: method, use: handler)
        }
    }
}

extension HTTPRequest.Method {
    fileprivate static let routed: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace]
}

/// Sends methods the router has no place for (PROPFIND, say) the way of TRACE, which no resource takes: 405 with `Allow`.
struct EveryMethod<Routes: HTTPResponder<GatewayContext>>: HTTPResponder {
    let routes: Routes

    func respond(to request: Request, context: GatewayContext) async throws -> Response {
        var head = request.head
        if !HTTPRequest.Method.routed.contains(head.method) { head.method = .trace }
        return try await routes.respond(to: Request(head: head, body: request.body), context: context)
    }
}
