import HTTPTypes
import Hummingbird
import Locker
import Logging

/// Failures as Subsonic's clients read them: an answer with the failure in it, and HTTP's 200.
struct SubsonicErrors: ErrorFormat {
    /// HTTP's own failures, which are about the request and not about what it asks for: they keep their status.
    private static let kept: Set<Int> = [304, 405, 408, 412, 416, 417, 421]
    /// The endpoint whose failures have HTTP's status, as OpenSubsonic has it.
    static let plainEndpoint = "getTranscodeStream"

    func response(to error: any Error, from request: Request, context: GatewayContext) throws -> Response {
        guard let error = error as? SubsonicError else {
            return try response(to: try problem(of: error, request, context), from: request, context: context)
        }
        var headers = HTTPFields()
        if let wait = error.wait { headers[.retryAfter] = "\(wait)" }
        return try Self.answer(error, to: request, status: Self.isPlain(request) ? Self.status(of: error) : .ok, headers)
    }

    func response(to problem: Problem, from request: Request, context: GatewayContext) throws -> Response {
        try Self.response(to: problem, from: request)
    }

    static func response(to problem: Problem, from request: Request) throws -> Response {
        let code: SubsonicError.Code =
            switch problem.status.code {
            case 400: .parameter
            case 401: .wrongCredentials
            case 403: .notAuthorised
            case 404: .notFound
            default: .generic
            }
        var headers = problem.headers
        headers[.wwwAuthenticate] = nil
        let isKept = kept.contains(problem.status.code) || isPlain(request)
        let status: HTTPResponse.Status = isKept ? problem.status : .ok
        return try answer(SubsonicError(code, problem.detail), to: request, status: status, headers)
    }

    private static func isPlain(_ request: Request) -> Bool {
        let name = request.uri.path.split(separator: "/").last ?? ""
        return name == plainEndpoint || name == "\(plainEndpoint).view"
    }

    private static func status(of error: SubsonicError) -> HTTPResponse.Status {
        if error.wait != nil { return .tooManyRequests }
        return switch error.code {
        case .parameter, .clientTooOld, .serverTooOld, .conflictingMechanisms: .badRequest
        case .wrongCredentials, .tokensUnsupported, .mechanismUnsupported, .invalidKey: .unauthorized
        case .notAuthorised, .trialOver: .forbidden
        case .notFound: .notFound
        case .generic: .internalServerError
        }
    }

    private static func answer(
        _ error: SubsonicError, to request: Request, status: HTTPResponse.Status = .ok, _ headers: HTTPFields = HTTPFields()
    ) throws -> Response {
        var answer = SubsonicAnswer(error)
        answer.headers = headers
        let format = SubsonicFormat(SubsonicParameters(query: request.uri.query ?? ""))
        return try answer.response(to: request, as: format, status: status)
    }
}

/// Words the failures of paths under `/rest` that are no route's, which the server's own middleware finds, in Subsonic's way.
///
/// A client that was told the server's address with a slash at its end asks for `//rest/`. The router has found that route already.
struct SubsonicProblems: RouterMiddleware {
    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        var request = request
        let path = request.head.path ?? ""
        if path.hasPrefix("//") {
            var head = request.head
            head.path = "/" + path.drop { $0 == "/" }
            let collapsed = Request(head: head, body: request.body)
            if Self.isSubsonic(collapsed.uri.path) { request = collapsed }
        }
        guard Self.isSubsonic(request.uri.path) else { return try await next(request, context) }
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            var response = try SubsonicErrors.response(to: problem, from: request)
            CrossOrigin.allow(&response.headers)
            return response
        }
    }

    static func isSubsonic(_ path: some StringProtocol) -> Bool { path == "/rest" || path.hasPrefix("/rest/") }
}
