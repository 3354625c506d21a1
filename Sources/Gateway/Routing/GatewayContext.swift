import Hummingbird
import Locker
import Logging
import NIOCore
import Streaming

/// A request's connection, and the permission of its credentials once they are checked.
struct GatewayContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    var permission: Permission?
    /// What a key is for; set with `permission`.
    var scopes: Scope = []
    /// The account's limits; set with `permission`.
    var plan = OfferedPlan()
    /// Whether pages of any origin may read the answer; see ``RouteGroup``.
    var isForAnyOrigin = false
    /// The client, as trusted proxies report it; until ``ClientMiddleware`` has run, the peer.
    var client: Client

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        client = Client(address: IPAddress(source.channel.remoteAddress))
    }

    /// The account of the credentials.
    var account: Int64 {
        get throws {
            guard let permission else { throw Problem.unauthorised }
            return permission.account
        }
    }

    /// The listener; nil without credentials.
    var listener: Listener? { permission?.listener(at: client.address?.description ?? "") }

    /// The path as a line of the log may have it: without a share's token.
    func loggedPath(of request: Request) -> String {
        guard let token = parameters.get("token") else { return request.uri.path }
        return request.uri.path.replacing(token, with: ":token")
    }

    /// Runs `operation` and cancels it when the client leaves; see ``ConnectionWatch``.
    func whileConnected<Value: Sendable>(_ operation: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let watch = try? await channel.pipeline.handler(type: ConnectionWatch.self).get()
        guard let watch else { return try await operation() }
        return try await watch.whileConnected(operation)
    }
}

extension GatewayContext {
    /// Whether the credentials are good for this rendition of a track that they are good for.
    func permits(rendition: String) -> Bool { permission?.permits(rendition: rendition) ?? false }
}

/// The permission of valid credentials.
enum Permission: Sendable, Hashable {
    /// Everything in this account that the plan and a key's scopes allow. `credential` distinguishes its sessions and keys.
    case account(Int64, credential: String)
    /// One track's media in an account.
    case ticket(Ticket)

    var account: Int64 {
        switch self {
        case .account(let account, _): account
        case .ticket(let ticket): ticket.account
        }
    }

    /// The share by whose link the track is played; nil if the account itself plays it.
    var share: String? {
        switch self {
        case .account: nil
        case .ticket(let ticket): ticket.share
        }
    }

    func permits(track: String) -> Bool {
        switch self {
        case .account: true
        case .ticket(let ticket): ticket.track == track
        }
    }

    func permits(rendition: String) -> Bool {
        switch self {
        case .account: true
        case .ticket(let ticket): ticket.permits(rendition: rendition)
        }
    }

    /// The listener, as far as a credential and an address distinguish players.
    ///
    /// - Parameter address: as ``IPAddress`` writes it; empty if there is none.
    func listener(at address: String) -> Listener {
        switch self {
        case .account(let account, let credential): Listener(account: "\(account)", credential: "\(credential) \(address)")
        case .ticket(let ticket):
            Listener(account: "\(ticket.account)", credential: "\(ticket.track).\(ticket.rendition).\(ticket.expires) \(address)")
        }
    }
}
