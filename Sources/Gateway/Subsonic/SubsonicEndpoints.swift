import HTTPTypes
import Hummingbird
import Locker

/// The endpoints of Subsonic, as they are registered: each under its name, and under its name with `.view`.
struct SubsonicEndpoints {
    /// - Parameter account: the account of the credentials.
    typealias Handler = @Sendable (_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer
    typealias MediaHandler = @Sendable (_ request: SubsonicRequest, _ account: Int64) async throws -> Response

    private let group: RouteGroup
    private(set) var routes: [(name: String, route: GatewayRoute)] = []

    init(_ credentials: SubsonicCredentials) {
        group = RouteGroup(
            credentials: [credentials], errors: SubsonicErrors(), isForAnyOrigin: true, unfolding: SubsonicForm.unfolded)
    }

    /// An endpoint that answers with values.
    mutating func route(_ name: String, scope: RouteScope, _ handler: @escaping Handler) {
        media(name, scope: scope) { request, account in
            try SubsonicFormat.check(request.parameters)
            let answer = try await handler(request, account)
            return try answer.response(to: request.request, as: SubsonicFormat(request.parameters))
        }
    }

    /// An endpoint that makes its response itself: media and covers. There `f` is for failures only: clients name a format, and a
    /// callback or none, whatever they ask for.
    mutating func media(_ name: String, scope: RouteScope = .media, _ handler: @escaping MediaHandler) {
        add(name, scope) { request, context in
            let asked = SubsonicRequest(request, context)
            try Self.check(asked.parameters)
            return try await handler(asked, try context.account)
        }
    }

    /// An endpoint that anybody may ask, without credentials and without the parameters that all others require.
    mutating func open(_ name: String, _ handler: @escaping @Sendable (SubsonicRequest) async throws -> SubsonicAnswer) {
        add(name, .everybody) { request, context in
            let asked = SubsonicRequest(request, context)
            try SubsonicFormat.check(asked.parameters)
            return try (try await handler(asked)).response(to: request, as: SubsonicFormat(asked.parameters))
        }
    }

    private mutating func add(_ name: String, _ scope: RouteScope, _ handler: @escaping GatewayHandler) {
        routes.append((name, GatewayRoute(methods: [.get, .head, .post], scope: scope, description: nil, handler: handler)))
    }

    /// Registers all of them.
    func add(to routes: inout Routes) {
        let preflight = GatewayRoute.on(.options, .everybody, nil) { _, _ in Self.preflight }
        routes.resources(
            in: "/rest", group,
            self.routes.flatMap { name, route in [(name, [route, preflight]), ("\(name).view", [route, preflight])] })
    }

    private static var preflight: Response {
        CrossOrigin.preflight(methods: "GET, HEAD, POST", further: "Content-Type, X-Requested-With, Cache-Control, Pragma, ")
    }

    /// - Throws: 10 if a parameter that every request has is missing, 20 or 30 if the client speaks another protocol.
    private static func check(_ parameters: SubsonicParameters) throws(SubsonicError) {
        guard let version = parameters["v"], !version.isEmpty else { throw .missing("v") }
        guard let client = parameters["c"], !client.isEmpty else { throw .missing("c") }
        let numbers = version.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count >= 2, let major = numbers[0], let minor = numbers[1] else {
            throw SubsonicError(.parameter, "v must be a version such as \(SubsonicAnswer.version)")
        }
        if major < 1 { throw SubsonicError(.clientTooOld, "this server speaks version \(SubsonicAnswer.version)") }
        if major > 1 || minor > 16 { throw SubsonicError(.serverTooOld, "this server speaks version \(SubsonicAnswer.version)") }
    }
}
