import HTTPTypes
import Hummingbird
import NIOHTTP1

/// The proxies whose statements about a request's sender are trusted. `Decisions/Clients.md` has the reasons.
public struct TrustedProxies: Sendable, Equatable {
    /// Hops that are read, from this server outwards.
    static let mostHops = 32
    /// Bytes of a field that are read.
    static let longest = 4096

    let ranges: [AddressRange]

    init(_ ranges: [AddressRange] = []) { self.ranges = ranges }

    func contains(_ address: IPAddress?) -> Bool {
        guard let address else { return false }
        return ranges.contains { $0.contains(address) }
    }

    /// The client of a request.
    ///
    /// The client is `peer` itself, unless `peer` is trusted. Then the client is the nearest hop to this server that is not
    /// trusted: the entries before it in the fields are claims of that hop or of a client. The fields are ignored if they
    /// cannot be read up to that hop, hide its address, or name two different addresses.
    ///
    /// - Parameters:
    ///   - host: of the request itself.
    ///   - field: the values of a field, by its name.
    func client(peer: IPAddress?, host: String?, _ field: (String) -> [String]) -> Client {
        let own = Client(address: peer, host: host)
        guard contains(peer) else { return own }
        let (forwarded, nodes) = (field("Forwarded"), field("X-Forwarded-For"))
        let (schemes, hosts) = (field("X-Forwarded-Proto"), field("X-Forwarded-Host"))
        guard !forwarded.isEmpty || !nodes.isEmpty else {
            // A proxy that ends TLS and hides no client, such as one for this machine's user.
            let hop = ForwardingHop(
                address: peer, scheme: ForwardingHop.list(schemes).last.map(String.init),
                host: ForwardingHop.list(hosts).last.map(String.init))
            return client(at: hop, host)
        }
        var found: ForwardingHop?
        for isStandard in [true, false] where !(isStandard ? forwarded : nodes).isEmpty {
            let hops =
                isStandard
                ? ForwardingHop.hops(forwarded: forwarded) : ForwardingHop.hops(for: nodes, schemes: schemes, hosts: hosts)
            guard let hop = hops.flatMap(nearest) else { return own }
            // A proxy that sets one of the two fields passes the other on as the client made it.
            guard found == nil || found?.address == hop.address else { return own }
            found = ForwardingHop(address: hop.address, scheme: found?.scheme ?? hop.scheme, host: found?.host ?? hop.host)
        }
        return found.map { client(at: $0, host) } ?? own
    }

    /// The last hop that is not trusted, or the first if all are. Returns nil if a hop from the last to that one has no
    /// address.
    private func nearest(in hops: [ForwardingHop]) -> ForwardingHop? {
        for hop in hops.reversed() {
            guard let address = hop.address else { return nil }
            if !contains(address) { return hop }
        }
        return hops.first
    }

    private func client(at hop: ForwardingHop, _ host: String?) -> Client {
        let named = hop.host.flatMap { $0.utf8.count <= 255 && RequestTarget.isHost($0) ? $0 : nil }
        return Client(address: hop.address, isTLS: hop.scheme?.lowercased() == "https", host: named ?? host)
    }
}

extension TrustedProxies {
    func client(of request: HTTPRequest, peer: IPAddress?) -> Client {
        client(peer: peer, host: request.authority) { name in
            HTTPField.Name(name).map { request.headerFields[values: $0] } ?? []
        }
    }

    func client(of head: HTTPRequestHead, peer: IPAddress?) -> Client {
        client(peer: peer, host: head.headers.first(name: "Host")) { head.headers[$0] }
    }
}

/// Gives every request its client.
struct ClientMiddleware: RouterMiddleware {
    let proxies: TrustedProxies

    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.client = proxies.client(of: request.head, peer: context.client.address)
        return try await next(request, context)
    }
}
