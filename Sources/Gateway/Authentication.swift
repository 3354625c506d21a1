import Crypto
import Foundation
import HTTPTypes
import Hummingbird

/// Lets a request in by bearer token or ticket, or everybody in open mode. Runs on known routes only, so that an unknown path is
/// 404 without credentials too.
struct Authentication: RouterMiddleware {
    let access: ServerConfiguration.Access
    let account: Int64
    let key: SymmetricKey
    /// Whether a ticket is enough: media routes.
    let acceptsTickets: Bool

    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        guard let permission = permission(of: request) else { throw Problem.unauthorised }
        var context = context
        context.permission = permission
        return try await next(request, context)
    }

    private func permission(of request: Request) -> Permission? {
        guard case .token(let token) = access else { return .account(account) }
        if let header = request.headers[.authorization] {
            let parts = header.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
            return constantTimeEquals(String(parts[1]), token) ? .account(account) : nil
        }
        guard acceptsTickets, let text = request.uri.queryParameters["ticket"] else { return nil }
        if constantTimeEquals(String(text), token) { return .account(account) }
        let now = Int(Date.now.timeIntervalSince1970)
        return Ticket(text, key: key, now: now).map { .ticket($0, account: account) }
    }
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
