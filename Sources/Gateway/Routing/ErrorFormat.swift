import HTTPTypes
import Hummingbird
import Locker
import Logging

/// How a group of routes words an error.
protocol ErrorFormat: Sendable {
    func response(to problem: Problem, from request: Request, context: GatewayContext) throws -> Response

    /// The answer to an error of a route. Logs an error that is not the client's.
    ///
    /// - Throws: a `CancellationError` unchanged: the client has left.
    func response(to error: any Error, from request: Request, context: GatewayContext) throws -> Response
}

/// Problem documents (RFC 9457): the format of the server's own routes.
struct ProblemDocuments: ErrorFormat {
    func response(to problem: Problem, from request: Request, context: GatewayContext) throws -> Response {
        try problem.response(from: request, context: context)
    }
}

extension ErrorFormat {
    func response(to error: any Error, from request: Request, context: GatewayContext) throws -> Response {
        try response(to: try problem(of: error, request, context), from: request, context: context)
    }

    /// What an error of a route means. Logs one that is not the client's.
    ///
    /// - Throws: a `CancellationError` unchanged.
    func problem(of error: any Error, _ request: Request, _ context: GatewayContext) throws -> Problem {
        switch error {
        case let problem as Problem: return problem
        case CatalogueError.badCursor: return .badCursor
        case CatalogueError.textWithZero: return .badRequest(PlainText.advice)
        case CatalogueError.noSuchTrack: return .notFound()
        case CatalogueError.noRoom: return .noRoom
        case let fault as SmartFault: return .badRequest("\(fault)")
        case CatalogueError.followsRules:
            return Problem(
                status: .conflict, detail: "the tracks of a smart playlist follow its rules: change these, or freeze it")
        case CatalogueError.hasNoRules:
            return Problem(status: .conflict, detail: "the playlist's tracks were chosen one by one: it has no rules")
        case CatalogueError.tookTooLong:
            return Problem(
                status: .serviceUnavailable, slug: .busy,
                detail: "the rules take too long in a library of this size: use fewer conditions", headers: [.retryAfter: "60"])
        case let error as HTTPError where error.status == .notFound: return .notFound()
        case is CancellationError: throw error
        default:
            context.logger.error(
                "request failed", metadata: ["path": "\(context.loggedPath(of: request))", "error": "\(error)"])
            return Problem(status: .internalServerError, detail: "the server failed to answer; its log says why")
        }
    }
}
