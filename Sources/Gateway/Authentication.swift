import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Locker

/// Lets a request in by bearer token, API key, session or ticket, or everybody in open mode. Runs on known routes only, so that an
/// unknown path is 404 without credentials too.
///
/// Whatever is wrong with a credential, the answer and the way to it are the same.
struct Authentication: RouterMiddleware {
    let access: ServerConfiguration.Access
    /// The one account of `--open` and `--token`.
    let account: Int64
    let catalogue: Catalogue
    let plans: OfferedPlans
    let key: SymmetricKey
    /// Whether a ticket is enough: media routes.
    let acceptsTickets: Bool
    /// What a key has to be good for.
    let scope: @Sendable (HTTPRequest) -> Scope

    /// The session's cookie.
    static let cookie = "sweetspot_session"

    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        guard let (permission, scopes, plan) = try await permission(of: request) else { throw Problem.unauthorised }
        guard scopes.isSuperset(of: scope(request.head)) else {
            throw Problem(
                status: .forbidden,
                detail: "the key is not for this: it needs \(scope(request.head).names.joined(separator: ", "))")
        }
        var context = context
        context.permission = permission
        context.plan = plan
        return try await next(request, context)
    }

    private typealias Found = (permission: Permission, scopes: Scope, plan: OfferedPlan)

    private func permission(of request: Request) async throws -> Found? {
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

    private func found(_ holder: Holder) -> Found {
        (.account(holder.account, credential: holder.credential), holder.scopes, plans.plan(holder.plan))
    }

    private static func bearer(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
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
///
/// The host is that of the request itself: a page that came by way of such a name may send `X-Forwarded-Host`.
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
        if let origin = request.headers[.origin], ![.get, .head, .options].contains(request.method),
            !allowed.contains(Self.host(of: origin.split(separator: "/").last ?? ""))
        {
            throw Problem(status: .forbidden, detail: "an open server takes changes only from its own pages")
        }
        return try await next(request, context)
    }

    private static func host(of authority: some StringProtocol) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]).lowercased() }
        return String(authority.prefix { $0 != ":" }).lowercased()
    }
}
