import Hummingbird

/// Answers 400 to requests that ``ConnectionHandler`` found invalid: they have no host, or a body without an end.
struct HostRequired: RouterMiddleware {
    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        guard request.head.authority != nil else {
            throw Problem.badRequest(
                """
                a request must have one Host field with a valid host (HTTP/1.0: at most one), a target that is a path or an \
                http URL, and no transfer coding but chunked
                """
            )
        }
        return try await next(request, context)
    }
}
