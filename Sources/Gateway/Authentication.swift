import Audio
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Locker

/// Lets a request in to a route by bearer token, API key, session or ticket, or everybody in open mode. Stands in front of a route's
/// own handler (see ``Routes``), so that an unknown path is 404 without credentials too.
///
/// Whatever is wrong with a credential, the answer and the way to it are the same.
struct Authentication: Sendable {
    let access: ServerConfiguration.Access
    /// The one account of `--open` and `--token`.
    let account: Int64
    let catalogue: Catalogue
    let plans: OfferedPlans
    let key: SymmetricKey

    static let cookie = "sweetspot_session"

    /// The route's handler behind what the route asks of a request.
    func guarding(_ route: GatewayRoute) -> GatewayHandler {
        guard let scope = route.scope.keyScope else { return route.handler }
        let acceptsTickets = route.scope == .media
        return { request, context in
            let found = try await permission(of: request, acceptsTickets: acceptsTickets)
            guard let (permission, scopes, plan) = found else { throw Problem.unauthorised }
            guard scopes.isSuperset(of: scope) else {
                throw Problem(
                    status: .forbidden, detail: "the key is not for this: it needs \(scope.names.joined(separator: ", "))")
            }
            var context = context
            context.permission = permission
            context.plan = plan
            return try await route.handler(request, context)
        }
    }

    private typealias Found = (permission: Permission, scopes: Scope, plan: OfferedPlan)

    private func permission(of request: Request, acceptsTickets: Bool) async throws -> Found? {
        let local = (Permission.account(account, credential: ""), Scope.all, plans.unlimited)
        let header = request.headers[.authorization]
        let ticket = acceptsTickets ? request.uri.queryParameters["ticket"] : nil
        switch access {
        case .open: return local
        case .token(let token):
            if let header { return Self.bearer(header).map { constantTimeEquals($0, token) } == true ? local : nil }
            if let ticket, constantTimeEquals(String(ticket), token) { return local }
        case .accounts:
            if let header {
                guard let key = Self.bearer(header) else { return nil }
                return try await catalogue.holder(ofKey: key).map(found)
            }
            if ticket == nil { return try await session(of: request) }
        }
        let now = Int(Date.now.timeIntervalSince1970)
        guard let ticket = ticket.flatMap({ Ticket($0, key: key, now: now) }) else { return nil }
        guard case .accounts = access else {
            return ticket.account == account ? (.ticket(ticket), .stream, plans.unlimited) : nil
        }
        return try await catalogue.holder(ofAccount: ticket.account).map { (.ticket(ticket), .stream, plans.plan($0.plan)) }
    }

    /// A page elsewhere can make a browser send its cookie, but no field of its own.
    private func session(of request: Request) async throws -> Found? {
        guard let secret = request.cookies[Self.cookie]?.value, let holder = try await catalogue.holder(ofSession: secret) else {
            return nil
        }
        if ![.get, .head, .options].contains(request.method) { try Self.requireField(of: request) }
        return found(holder)
    }

    static func requireField(of request: Request) throws {
        guard request.headers[.requestedWith] != nil else {
            throw Problem(status: .forbidden, detail: "with a cookie, changes need the field X-Requested-With")
        }
    }

    /// The session's cookie, which no page elsewhere and no script can use.
    static func cookie(_ secret: String, seconds: Int) -> Cookie {
        Cookie(name: cookie, value: secret, maxAge: seconds, path: "/", httpOnly: true, sameSite: .strict)
    }

    private func found(_ holder: Holder) -> Found {
        (.account(holder.account, credential: holder.credential), holder.scopes, plans.plan(holder.plan))
    }

    private static func bearer(_ header: String) -> String? {
        let parts = header.pieces(at: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
    }
}

extension HTTPField.Name {
    /// W3C Fetch Metadata §2.3: whether a page of another site made the request.
    static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!
    static let requestedWith = HTTPField.Name("X-Requested-With")!
}

/// In open mode, refuses what a web page elsewhere makes a browser send: requests by way of a name that resolves to this machine
/// (DNS rebinding), and requests from another origin that would change something.
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
        if ![.get, .head, .options].contains(request.method), !Self.isOwnPage(request.headers, authority: authority) {
            throw Problem(status: .forbidden, detail: "an open server takes changes only from its own pages")
        }
        return try await next(request, context)
    }

    /// Whether the request comes from a page of the very origin it is for, or from no page: programs send neither field.
    ///
    /// Another port of this machine is another program's, and another site to nobody: `same-site` is as foreign as `cross-site`.
    private static func isOwnPage(_ headers: HTTPFields, authority: String) -> Bool {
        for site in headers[values: .fetchSite] where !["same-origin", "none"].contains(site) { return false }
        return headers[values: .origin].allSatisfy { origin in
            let origin = origin.lowercased()
            return origin.hasPrefix("http://")
                && withoutDefaultPort(origin.dropFirst(7)) == withoutDefaultPort(authority.lowercased())
        }
    }

    private static func withoutDefaultPort(_ authority: some StringProtocol) -> String {
        for suffix in [":80", ":"] where authority.hasSuffix(suffix) { return String(authority.dropLast(suffix.count)) }
        return String(authority)
    }

    private static func host(of authority: some StringProtocol) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]).lowercased() }
        return String(authority.prefix { $0 != ":" }).lowercased()
    }
}
