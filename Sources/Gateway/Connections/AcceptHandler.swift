import Glibc
import Logging
import Metrics
import NIOCore

/// Accepts as many connections as there is room for, on the listening channel.
///
/// At the limit it closes idle connections. If it finds none to close, it accepts no more until one ends; new connections
/// wait in the kernel's queue. If `accept(2)` fails because no descriptors or buffers are left, it leaves the socket alone
/// for a while: the connection stays in the queue, and NIO would try again at once, endlessly. `Decisions/Crowds.md` has
/// more.
final class AcceptHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    /// Time between two searches for connections to close.
    private static let interval = TimeAmount.milliseconds(100)
    /// Pause after accept(2) has failed.
    private static let pause = TimeAmount.milliseconds(500)
    private static let warningInterval = TimeAmount.minutes(1)

    private let limit: Int
    private let connections: OpenConnections
    private let logger: Logger
    private let gauge: Meter
    private let shed: Counter
    private let pauses: Counter

    private var open = 0
    private var hasHeldRead = false
    private var timer: Scheduled<Void>?
    private var pauseTimer: Scheduled<Void>?
    private var lastWarning: NIODeadline?

    init(limit: Int, connections: OpenConnections, logger: Logger, metrics: any MetricsFactory) {
        self.limit = limit
        self.connections = connections
        self.logger = logger
        gauge = Meter(label: "sweetspot_connections", dimensions: [], factory: metrics)
        shed = Counter(label: "sweetspot_connections_shed_total", dimensions: [], factory: metrics)
        pauses = Counter(label: "sweetspot_accept_pauses_total", dimensions: [], factory: metrics)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        pauseTimer?.cancel()
        (timer, pauseTimer) = (nil, nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        open += 1
        gauge.set(open)
        let this = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        channel.closeFuture.hop(to: context.eventLoop).whenComplete { _ in
            let (handler, context) = this.value
            handler.open -= 1
            handler.gauge.set(handler.open)
            handler.goOn(context)
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        guard open < limit else {
            if !hasHeldRead { pauses.increment() }
            hasHeldRead = true
            makeRoom(context)
            return
        }
        context.read()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let reason = error as? IOError, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(reason.errnoCode) else {
            context.fireErrorCaught(error)
            return
        }
        // Not passed on: later handlers would take it for the end of the channel.
        warn("connections cannot be accepted: \(reason)")
        pauses.increment()
        shed.increment(by: connections.shed(max(1, limit / 16)))
        // A read stays pending in the channel, so not asking for another is not enough.
        let options = context.channel.syncOptions
        try? options?.setOption(.autoRead, value: false)
        pauseTimer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            self.pauseTimer = nil
            try? options?.setOption(.autoRead, value: true)
        }
    }

    private func goOn(_ context: ChannelHandlerContext) {
        guard hasHeldRead, open < limit, context.channel.isActive else { return }
        hasHeldRead = false
        context.read()
    }

    /// Closes some connections, and looks again in a while if that was not enough.
    private func makeRoom(_ context: ChannelHandlerContext) {
        let ended = connections.shed(max(1, limit / 16))
        shed.increment(by: ended)
        warn(
            ended > 0
                ? "as many connections as the limit of open files allows: idle ones are closed"
                : "as many connections as the limit of open files allows, and none is idle: no more are accepted")
        guard timer == nil else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.interval) {
            self.timer = nil
            self.goOn(context)
            if self.hasHeldRead { self.makeRoom(context) }
        }
    }

    private func warn(_ sentence: String) {
        let now = NIODeadline.now()
        if let last = lastWarning, now - last < Self.warningInterval { return }
        lastWarning = now
        logger.warning("\(sentence)", metadata: ["connections": "\(open)", "limit": "\(limit)"])
    }
}
