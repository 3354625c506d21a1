import Hummingbird
import Locker
import Logging
import NIOCore
import Streaming

/// What a request carries besides itself: its connection, and what its credentials permit once they are checked.
struct GatewayContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    var permission: Permission?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Who listens; nil without credentials.
    var listener: Listener? { permission?.listener(at: channel.remoteAddress?.ipAddress) }

    /// Runs `operation` and cancels it when the client leaves; see ``ConnectionWatch``.
    func whileConnected<Value: Sendable>(_ operation: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let watch = try? await channel.pipeline.handler(type: ConnectionWatch.self).get()
        guard let watch else { return try await operation() }
        return try await watch.whileConnected(operation)
    }
}

extension GatewayContext {
    /// The track the credentials give access to, as it was at most a second ago; somebody else's is as unknown as none.
    func track(_ id: String, in catalogue: Catalogue) async throws -> Track {
        guard let permission else { throw Problem.unauthorised }
        guard permission.permits(track: id) else { throw Problem.notFound() }
        guard let track = try await catalogue.recentTrack(id: id, account: permission.account) else { throw Problem.notFound() }
        return track
    }

    /// Whether the credentials are good for this rendition of the track they are good for.
    func permits(rendition: String) -> Bool { permission?.permits(rendition: rendition) ?? false }
}

/// What valid credentials allow.
enum Permission: Sendable, Hashable {
    /// Everything in this account.
    case account(Int64)
    /// One track's media in this account.
    case ticket(Ticket, account: Int64)

    var account: Int64 {
        switch self {
        case .account(let account), .ticket(_, let account): account
        }
    }
    func permits(track: String) -> Bool {
        switch self {
        case .account: true
        case .ticket(let ticket, _): ticket.track == track
        }
    }

    func permits(rendition: String) -> Bool {
        switch self {
        case .account: true
        case .ticket(let ticket, _): ticket.permits(rendition: rendition)
        }
    }

    /// Who listens, as far as a credential and an address tell players apart.
    func listener(at address: String?) -> Listener {
        let address = address ?? ""
        return switch self {
        case .account(let account): Listener(account: "\(account)", credential: address)
        case .ticket(let ticket, let account):
            Listener(account: "\(account)", credential: "\(ticket.track).\(ticket.rendition).\(ticket.expires) \(address)")
        }
    }
}
