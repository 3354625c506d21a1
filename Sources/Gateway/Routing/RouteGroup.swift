import Hummingbird

/// The properties that a group of routes shares: the credentials they take, the wording of their errors, and whether pages
/// of any origin may read their answers.
struct RouteGroup: Sendable {
    /// The readers of credentials, asked in this order.
    var credentials: [any CredentialReader]
    var errors: any ErrorFormat = ProblemDocuments()
    var isForAnyOrigin = false
    /// Brings a request into the form that the readers of credentials and the routes know.
    var unfolding: @Sendable (Request) async throws -> Request = { $0 }

    /// The answer of one of the group's routes; if the route fails, its error in the group's wording.
    func answer(_ request: Request, _ context: GatewayContext, _ handler: GatewayHandler) async throws -> Response {
        var context = context
        context.isForAnyOrigin = isForAnyOrigin
        var (request, response): (Request, Response) = (request, Response(status: .noContent))
        do {
            request = try await unfolding(request)
            response = try await handler(request, context)
        } catch {
            response = try errors.response(to: error, from: request, context: context)
        }
        // Errors get these fields too, which is why errors become responses here and not in front of all groups: without the
        // fields a browser shows a page of another origin neither the status of an answer nor the reason for a refusal.
        if isForAnyOrigin { CrossOrigin.allow(&response.headers) }
        return response
    }
}
