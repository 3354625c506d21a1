import Hummingbird

/// What routes have in common: which credentials they take, how they word an error, and whether pages of any origin may read them.
struct RouteGroup: Sendable {
    /// Asked in this order.
    var credentials: [any CredentialReader]
    var errors: any ErrorFormat = ProblemDocuments()
    var isForAnyOrigin = false

    /// The answer of one of its routes, or the group's word for what the route failed with.
    func answer(_ request: Request, _ context: GatewayContext, _ handler: GatewayHandler) async throws -> Response {
        var context = context
        context.isForAnyOrigin = isForAnyOrigin
        var response: Response
        do {
            response = try await handler(request, context)
        } catch {
            response = try errors.response(to: error, from: request, context: context)
        }
        // To errors too, which is why they become responses here and not in front of all groups: without these fields a browser tells
        // a page of another origin nothing of an answer, neither its status nor why it is refused.
        if isForAnyOrigin { CrossOrigin.allow(&response.headers) }
        return response
    }
}
