import HTTPTypes
import Hummingbird
import Locker
import Logging

typealias GatewayHandler = @Sendable (Request, GatewayContext) async throws -> Response

extension RouterMethods where Context == GatewayContext {
    /// Registers a resource: its methods, and 405 with `Allow` for every other.
    func resource(_ path: RouterPath, _ handlers: [HTTPRequest.Method: GatewayHandler]) {
        let allowed = handlers.keys.sorted { $0.rawValue < $1.rawValue }
        for method in HTTPRequest.Method.routed {
            let handler = handlers[method] ?? { _, _ in throw Problem.methodNotAllowed(allowed) }
            on(path, method: method, use: handler)
        }
    }

    /// Registers a resource that is only read.
    func readable(_ path: RouterPath, _ handler: @escaping GatewayHandler) {
        resource(path, [.get: handler, .head: handler])
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

/// Turns every error into a problem document.
struct ProblemMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return try problem.response(from: request, context: context)
        } catch CatalogueError.badCursor {
            return try Problem.badCursor.response(from: request, context: context)
        } catch CatalogueError.noSuchTrack {
            return try Problem.notFound().response(from: request, context: context)
        } catch CatalogueError.noRoom {
            return try Problem.noRoom.response(from: request, context: context)
        } catch let error as HTTPError where error.status == .notFound {
            return try Problem.notFound().response(from: request, context: context)
        } catch let error where !(error is CancellationError) {
            context.logger.error("request failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            let problem = Problem(status: .internalServerError, detail: "the server failed to answer; its log says why")
            return try problem.response(from: request, context: context)
        }
    }
}

/// Lets pages of any origin play media: no cookies are involved, so no origin gains anything it could not fetch itself.
struct CrossOrigin: RouterMiddleware {
    private static let exposed = "Accept-Ranges, Content-Length, Content-Range, ETag"

    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        Self.allow(&response.headers)
        return response
    }

    static func allow(_ headers: inout HTTPFields) {
        headers[.accessControlAllowOrigin] = "*"
        headers[.accessControlExposeHeaders] = exposed
    }

    /// The answer to a preflight, which never carries credentials.
    static func preflight(_ request: Request, _ context: GatewayContext) -> Response {
        Response(
            status: .noContent,
            headers: [
                .accessControlAllowOrigin: "*",
                .accessControlAllowMethods: "GET, HEAD",
                .accessControlAllowHeaders: "Authorization, Range, If-Range, If-Match, If-None-Match, \(CMCD.fields)",
                .accessControlMaxAge: "86400"
            ])
    }
}
