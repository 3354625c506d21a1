import DequeModule
import NIOCore
import NIOHTTP1

/// Applies the rules of HTTP/1 that Hummingbird does not: when a connection ends, and for which host a request is.
///
/// It stands before Hummingbird's codec, which loses a request's version and its number of hosts. Hummingbird gets requests
/// with the target in origin form, one `Host` field unless the request is invalid (see ``RequestTarget`` and
/// ``HostRequired``), and `Connection: close`, in this spelling, only on the last request of a connection.
/// `Decisions/Connections.md` has the reasons.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// The requests whose answers have not ended, the oldest first.
    private var pending = Deque<Persistence>()
    /// Whether the connection's last request has come; later bytes are not read (RFC 9112 §9.6).
    private var isLastRead = false
    private var dropsInput = false
    /// Whether the connection's last answer was written to its end.
    private var isLastWritten = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if dropsInput { return }
        guard case .head(var head) = unwrapInboundIn(data) else {
            context.fireChannelRead(data)
            return
        }
        if isLastRead {
            dropsInput = true
            return
        }
        var persistence = Persistence(head)
        let target = RequestTarget(head, ownHost: context.ownHost)
        head.headers.remove(name: "host")
        switch target {
        case .found(let host, let path):
            head.uri = path
            head.headers.add(name: "Host", value: host)
        case .invalid:
            // As nginx does: a proxy that counts hosts differently may not agree on where the next request begins.
            persistence.persists = false
        }
        // An expectation of HTTP/1.0 is ignored (RFC 9110 §10.1.1).
        if persistence.isOld { head.headers.remove(name: "expect") }
        head.headers.remove(name: "connection")
        if !persistence.persists {
            head.headers.add(name: "Connection", value: "close")
            isLastRead = true
        }
        pending.append(persistence)
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isLastWritten else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status == .continue:
            if !pending.isEmpty { pending[0].isWaiting = false }
            context.write(data, promise: promise)
        case .head(var head) where head.status.code >= 200 && !pending.isEmpty:
            let isExpected = !pending[0].persists
            pending[0].mark(&head)
            if !pending[0].persists, !isExpected { isLastRead = true }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end where pending.popFirst()?.persists == false:
            isLastWritten = true
            dropsInput = true
            let written = promise ?? context.eventLoop.makePromise()
            // Hummingbird ends the connection if the request says so, but not if the answer's form requires it.
            written.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: .output, promise: nil) }
            context.write(data, promise: written)
        default:
            context.write(data, promise: promise)
        }
    }
}

extension ChannelHandlerContext {
    /// The address that the client connected to, as a `Host` field names it.
    fileprivate var ownHost: String {
        guard let address = localAddress, let ip = address.ipAddress, let port = address.port else { return "localhost" }
        return "\(address.protocol == .inet6 ? "[\(ip)]" : ip):\(port)"
    }
}
