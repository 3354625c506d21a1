import Hummingbird

/// Answers 400 to requests that ``ConnectionHandler`` found invalid: they have no host.
struct HostRequired: RouterMiddleware {
    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        guard request.head.authority != nil else {
            throw Problem.badRequest(
                "a request must have one Host field with a valid host (HTTP/1.0: at most one), and a target that is a path or an http URL"
            )
        }
        return try await next(request, context)
    }
}
