import Crypto
import HTTPTypes
import Hummingbird
import Locker

/// Checks the credentials of a request before its route's handler runs (see ``Routes``). The router comes first, so that an
/// unknown path gets 404 without credentials too.
///
/// Every invalid credential takes the same code path and gets the same answer.
struct Authentication: Sendable {
    /// The session's cookie.
    static let cookie = "sweetspot_session"

    /// The readers, asked in this order; see ``CredentialReader``.
    let readers: [any CredentialReader]

    /// The route's handler, which then runs only for requests with the credentials that the route requires.
    ///
    /// - Parameter handler: what runs in place of the route's own.
    func guarding(_ route: GatewayRoute, _ handler: GatewayHandler? = nil) -> GatewayHandler {
        let handler = handler ?? route.handler
        guard let scope = route.scope.keyScope else { return handler }
        return { request, context in
            guard
                let grant = try await grant(
                    of: CredentialPlaces(request, from: context.client), for: route.scope)
            else {
                throw Problem.unauthorised
            }
            guard grant.scopes.isSuperset(of: scope) else {
                throw Problem(
                    status: .forbidden, detail: "the key is not for this: it needs \(scope.names.joined(separator: ", "))")
            }
            var context = context
            context.permission = grant.permission
            context.scopes = grant.scopes
            context.plan = grant.plan
            do {
                return try await handler(request, context)
            } catch var problem as Problem where problem.limit != nil {
                // What plan its owner has is no affair of the guest of a share.
                let isOwn = grant.permission.share == nil
                (problem.limit, problem.plan) = isOwn ? (problem.limit, grant.plan.name) : (nil, nil)
                throw problem
            }
        }
    }

    /// The permission of the request's credentials for routes of this scope, as they are now; nil if they have none. For answers
    /// that take long.
    func permission(of request: Request, for scope: RouteScope) async throws -> Permission? {
        guard let grant = try await grant(of: CredentialPlaces(request), for: scope),
            grant.scopes.isSuperset(of: scope.keyScope ?? [])
        else { return nil }
        return grant.permission
    }

    private func grant(of places: CredentialPlaces, for scope: RouteScope) async throws -> Grant? {
        for reader in readers {
            switch try await reader.read(places, for: scope) {
            case .absent: continue
            case .invalid: return nil
            case .valid(let grant): return grant
            }
        }
        return nil
    }

    static func requireField(of request: Request, _ client: Client?) throws {
        guard request.headers[.requestedWith] != nil else {
            throw Problem(status: .forbidden, detail: "with a cookie, changes need the field X-Requested-With")
        }
        try requireOwnPage(of: request, client, "with a cookie, changes are")
    }

    /// Refuses a request for a page of another origin. A browser that does not say `Sec-Fetch-Site` says `Origin`, which is compared
    /// with the host that was asked, and with the one that a trusted proxy says was.
    static func requireOwnPage(of request: Request, _ client: Client?, _ subject: String) throws {
        let page = SendingPage(request.headers)
        let hosts = [request.head.authority, client?.host].compactMap(\.self)
        guard page.isOwn ?? page.isOf(hosts, schemes: ["https", "http"]) else {
            throw Problem(
                status: .forbidden,
                detail: "\(subject) for this server's own pages: a proxy must pass on the Host that was asked for")
        }
    }
}

extension Authentication {
    /// The readers of the server's own routes: the field `Authorization`, then a ticket, then the session's cookie.
    ///
    /// - Parameters:
    ///   - account: the one account of `--open` and `--token`.
    ///   - key: the key that tickets are signed with.
    static func readers(
        _ access: ServerConfiguration.Access, account: Int64, catalogue: Catalogue, plans: OfferedPlans, key: SymmetricKey
    ) -> [any CredentialReader] {
        let local = Grant(.account(account, credential: ""), .all, plans.unlimited)
        let tickets = TicketReader(
            key: key, catalogue: catalogue,
            plan: PlanOfAccount(access, account: account, catalogue: catalogue, plans: plans))
        switch access {
        case .open: return [OpenReader(grant: local)]
        case .token(let token): return [TokenReader(token: token, grant: local), tickets]
        case .accounts:
            return [
                APIKeyReader(catalogue: catalogue, plans: plans), tickets, SessionReader(catalogue: catalogue, plans: plans)
            ]
        }
    }
}

extension HTTPField.Name {
    /// W3C Fetch Metadata §2.3: whether a page of another site made the request.
    static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!
    static let requestedWith = HTTPField.Name("X-Requested-With")!
}

/// In open mode, refuses requests that a page of another site makes a browser send: those to a name that resolves to this
/// machine (DNS rebinding), and those from another origin that would change something.
///
/// The host is that of the request itself: a page that was loaded by such a name may send `X-Forwarded-Host`.
struct HostCheck: RouterMiddleware {
    let allowed: Set<String>

    init(listenHost: String) {
        allowed = ["localhost", "127.0.0.1", "[::1]", listenHost.contains(":") ? "[\(listenHost)]" : listenHost]
    }

    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        guard let authority = request.head.authority, allowed.contains(Self.host(of: authority)) else {
            throw Problem(
                status: .misdirectedRequest,
                detail: "an open server answers only to the address it listens on and to localhost")
        }
        // Subsonic changes things by GET too, and pages of any origin may read its answers.
        let isSafe = [.get, .head].contains(request.method) && !SubsonicProblems.isSubsonic(request.uri.path)
        let page = SendingPage(request.headers)
        let isOwn = page.isOwn != false && page.isOf([authority], schemes: ["http"])
        if !isSafe, request.method != .options, !isOwn {
            throw Problem(status: .forbidden, detail: "an open server takes changes only from its own pages")
        }
        return try await next(request, context)
    }

    private static func host(of authority: some StringProtocol) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]).lowercased() }
        return String(authority.prefix { $0 != ":" }).lowercased()
    }
}
