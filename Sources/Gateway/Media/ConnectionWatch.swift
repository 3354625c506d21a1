import HTTPTypes
import NIOCore
import NIOHTTPTypes
import Synchronization

/// Tells the request being answered on a connection that its client has gone, so that nothing is rendered in vain.
///
/// Hummingbird leaves a half-closed connection open until it writes, and it writes nothing to a client that waits for a render. A
/// client that closes its side counts as gone, as nginx does for proxied requests.
///
/// When the server ends, a connection has a few seconds for the answers being sent: a client that reads nothing must not delay
/// the end.
final class ConnectionWatch: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private struct State {
        var hasLeft = false
        var departures: [Int: @Sendable () -> Void] = [:]
        var last = 0
    }

    private static let lastAnswers = TimeAmount.seconds(3)
    private let state = Mutex(State())

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            leave()
        case is ChannelShouldQuiesceEvent:
            let channel = context.channel
            context.eventLoop.scheduleTask(in: Self.lastAnswers) { channel.close(promise: nil) }
        default:
            break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        let departures = state.withLock { state in
            state.hasLeft = true
            defer { state.departures = [:] }
            return state.departures.values.map { $0 }
        }
        for departure in departures { departure() }
    }

    /// Runs `operation` and cancels it when the client leaves.
    func whileConnected<Value: Sendable>(_ operation: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = Task { try await operation() }
        let watch = state.withLock { state -> Int? in
            if state.hasLeft { return nil }
            state.last += 1
            state.departures[state.last] = { task.cancel() }
            return state.last
        }
        if watch == nil { task.cancel() }
        defer { if let watch { state.withLock { $0.departures[watch] = nil } } }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
