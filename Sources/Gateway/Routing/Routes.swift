import HTTPTypes
import Hummingbird
import NIOCore

/// The server's routes, and the only way to its router.
///
/// A route's scope, its description and its handler are one registration. No route can be registered without its
/// ``RouteScope``, which is checked before its handler runs: the route that the router found decides what a request may do,
/// and the path is not read a second time. `Decisions/Scopes.md` has the reasons.
struct Routes {
    /// One method of one path.
    struct Operation: Sendable {
        /// As the router has it: `/api/v1/tracks/:track`.
        var path: String
        var method: HTTPRequest.Method
        var scope: RouteScope
        /// Its entry in the API's description; see ``GatewayRoute/description``.
        var description: OpenAPI.Operation?
        /// Whether it is a change of a document that a GET of the path answers, so that it may have a ``Precondition``.
        var isConditional = false
    }

    /// The group of the server's own routes.
    let api: RouteGroup
    private let router = Router(context: GatewayContext.self)
    private(set) var operations: [Operation] = []

    /// - Parameters:
    ///   - credentials: the readers of the credentials that the server's own routes take, in order.
    ///   - middleware: runs before all routes, and for paths without a route. The ``Problem``s it throws belong to no group:
    ///     Hummingbird makes documents of them.
    init(
        credentials: [any CredentialReader], middleware: [any MiddlewareProtocol<Request, Response, GatewayContext>]
    ) {
        api = RouteGroup(credentials: credentials)
        for middleware in middleware { router.add(middleware: middleware) }
    }

    /// The group of the server's own media.
    var media: RouteGroup { RouteGroup(credentials: api.credentials, errors: api.errors, isForAnyOrigin: true) }

    /// Registers a resource in `group`, by default the server's own: its methods, and 405 with `Allow` for every other
    /// method.
    mutating func resource(_ path: String, in group: RouteGroup? = nil, _ routes: [GatewayRoute]) {
        let group = group ?? api
        let handlers = self.handlers(path, group, routes)
        for (method, handler) in handlers {
            router.on(RouterPath(path), method: method) { try await group.answer($0, $1, handler) }
        }
    }

    /// Registers many resources that differ in the last segment of their paths. The router has them as one: it looks for a
    /// segment among others one by one.
    mutating func resources(in folder: String, _ group: RouteGroup, _ resources: [(name: String, routes: [GatewayRoute])]) {
        var all: [Substring: [HTTPRequest.Method: GatewayHandler]] = [:]
        for (name, routes) in resources { all[name[...]] = handlers("\(folder)/\(name)", group, routes) }
        for method in HTTPRequest.Method.routed {
            router.on(RouterPath("\(folder)/:name"), method: method) { [all] request, context in
                try await group.answer(request, context) { request, context in
                    let name = request.uri.path.dropFirst(folder.count + 1)
                    guard let handler = all[name]?[method] else { throw Problem.notFound() }
                    return try await handler(request, context)
                }
            }
        }
    }

    /// Notes the methods of a resource. Every method gets its handler, or one that answers 405.
    private mutating func handlers(
        _ path: String, _ group: RouteGroup, _ routes: [GatewayRoute]
    ) -> [HTTPRequest.Method: GatewayHandler] {
        let authentication = Authentication(readers: group.credentials)
        var handlers: [HTTPRequest.Method: GatewayHandler] = [:]
        let read = routes.first { $0.methods.contains(.get) }
        for route in routes {
            for method in route.methods {
                var handler = route.handler
                var isConditional = false
                if let read, [.post, .put, .patch, .delete].contains(method), !read.methods.contains(method) {
                    isConditional = read.description?.isDocument == true
                    handler = Self.conditional(handler, on: authentication.guarding(read))
                }
                handlers[method] = authentication.guarding(route, handler)
                operations.append(
                    Operation(
                        path: path, method: method, scope: route.scope, description: route.description,
                        isConditional: isConditional))
            }
        }
        let allowed = handlers.keys.sorted { $0.rawValue < $1.rawValue }
        for method in HTTPRequest.Method.routed where handlers[method] == nil {
            handlers[method] = { _, _ in throw Problem.methodNotAllowed(allowed) }
        }
        return handlers
    }

    /// The handler of a change, which runs only if the request's precondition holds for what `read` answers at the same path
    /// (RFC 9110 §13.2.2). A change may come between the two: a handler that must not lose it checks again in its transaction.
    private static func conditional(_ change: @escaping GatewayHandler, on read: @escaping GatewayHandler) -> GatewayHandler {
        { request, context in
            if let precondition = Precondition(request) {
                var head = request.head
                head.method = .get
                for name in [HTTPField.Name.ifMatch, .ifNoneMatch, .range, .acceptEncoding] { head.headerFields[name] = nil }
                let current = try await read(Request(head: head, body: RequestBody(buffer: ByteBuffer())), context)
                if let entityTag = current.headers[.eTag] { try precondition.require(String(entityTag.dropFirst().dropLast())) }
            }
            return try await change(request, context)
        }
    }

    /// Registers media in `group`, by default the server's own: tickets are accepted too, and preflights of pages of other
    /// origins are answered.
    mutating func media(_ path: String, in group: RouteGroup? = nil, _ handler: @escaping GatewayHandler) {
        resource(
            path, in: group ?? media,
            [.read(.media, nil, handler), .on(.options, .everybody, nil) { _, _ in CrossOrigin.preflight() }])
    }

    func responder() -> EveryMethod<RouterResponder<GatewayContext>> {
        // Runs before no route, because Hummingbird gives a route only the middleware that was added before it.
        router.add(middleware: UnknownPath())
        return EveryMethod(routes: router.buildResponder())
    }
}

/// Answers for paths that no route is registered for.
private struct UnknownPath: RouterMiddleware {
    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        throw Problem.notFound()
    }
}

extension HTTPRequest.Method {
    fileprivate static let routed: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace]
}

/// Treats methods that the router does not know (PROPFIND, say) like TRACE, which no resource takes: 405 with `Allow`.
struct EveryMethod<Routes: HTTPResponder<GatewayContext>>: HTTPResponder {
    let routes: Routes

    func respond(to request: Request, context: GatewayContext) async throws -> Response {
        var head = request.head
        if !HTTPRequest.Method.routed.contains(head.method) { head.method = .trace }
        return try await routes.respond(to: Request(head: head, body: request.body), context: context)
    }
}
