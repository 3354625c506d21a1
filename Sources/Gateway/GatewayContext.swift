import Hummingbird
import Logging
import NIOCore

/// What a request carries besides itself: its connection, and what its credentials permit once they are checked.
struct GatewayContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    var permission: Permission?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Runs `operation` and cancels it when the client leaves; see ``ConnectionWatch``.
    func whileConnected<Value: Sendable>(_ operation: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let watch = try? await channel.pipeline.handler(type: ConnectionWatch.self).get()
        guard let watch else { return try await operation() }
        return try await watch.whileConnected(operation)
    }
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
}
