import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Watches how a connection waits for its client: for the bytes of a body, which have a deadline, and for room to send.
///
/// The rule of ``BodySpeed`` applies here to every body, whether a route reads it, refuses it or does not exist, so no route
/// can forget it. The reader of a body that comes too slowly gets ``BodySpeed/TooSlow``, which is answered with 408.
/// `Decisions/Crowds.md` has the reasons.
final class ClientWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a slow client has to read its 408, and how long its route may take to send it.
    private static let lastAnswer = TimeAmount.seconds(3)
    private static let longestRoute = TimeAmount.seconds(30)
    /// How long bytes behind an answer are read and dropped, so that the client sees the answer before the connection ends.
    private static let linger = TimeAmount.seconds(10)

    private let speed: BodySpeed
    private let connection: OpenConnection
    /// The pace of the body under way; nil if there is none.
    private var pace: BodyPace?
    /// Counts requests, so that a timer can tell its own from later ones.
    private var request = 0
    private var timer: Scheduled<Void>?
    private var end: Scheduled<Void>?
    /// Whether the route has said that it receives files.
    private var isFile = false
    private var isGivenUp = false
    private var isRead = false
    /// Whether the client has not yet been told to send the body.
    private var isExpecting = false
    /// Requests whose answers have not ended.
    private var unanswered = 0

    init(_ speed: BodySpeed, _ connection: OpenConnection) {
        self.speed = speed
        self.connection = connection
    }

    /// Sets another speed for the body under way: its route receives files.
    func allow(_ speed: BodySpeed) {
        pace?.allow(speed)
        isFile = true
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        end?.cancel()
        (timer, end) = (nil, nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let now = ContinuousClock.now
        switch unwrapInboundIn(data) {
        case .head(let head):
            unanswered += 1
            request += 1
            pace = BodyPace(speed)
            isFile = false
            isExpecting = head.headerFields.contains(.expect)
        case .body(let bytes):
            isExpecting = false
            pace?.receive(bytes.readableBytes, now)
        case .end:
            pace = nil
            isExpecting = false
            noteHold(context)
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isRead = false
        update()
        // Most bodies come with their heads, and need no timer.
        if pace != nil, timer == nil { time(context, after: .zero) }
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        isRead = true
        update()
        context.read()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status == .continue: isExpecting = false
        case .head, .body: break
        case .end:
            unanswered -= 1
            if unanswered == 0, isGivenUp || pace != nil {
                close(context, after: isGivenUp ? Self.lastAnswer : Self.linger)
            }
        }
        update()
        context.write(data, promise: promise)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        noteHold(context)
        context.fireChannelWritabilityChanged()
    }

    /// Notes whether the server waits for the client in the middle of a request.
    private func noteHold(_ context: ChannelHandlerContext) {
        connection.noteHold((pace != nil && !isFile) || !context.channel.isWritable)
    }

    /// The server waits for the client if it reads, and if the body is that of the current request.
    private func update() {
        if isRead, unanswered <= 1, !isExpecting { pace?.wait(.now) } else { pace?.pause(.now) }
    }

    private func time(_ context: ChannelHandlerContext, after delay: Duration) {
        let timed = request
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) {
            self.timer = nil
            guard self.pace != nil else { return }
            // The timer was set for an earlier body: the later one's time begins now.
            guard timed == self.request else { return self.time(context, after: .zero) }
            self.noteHold(context)
            switch self.pace?.verdict(.now) {
            case .again(let delay): self.time(context, after: delay)
            case .tooSlow: self.giveUp(context)
            case nil: break
            }
        }
    }

    private func giveUp(_ context: ChannelHandlerContext) {
        pace = nil
        isGivenUp = true
        context.fireErrorCaught(BodySpeed.TooSlow())
        close(context, after: unanswered == 0 ? .zero : Self.longestRoute)
    }

    /// Ends the connection unless the body ends meanwhile, after which the connection can be used again.
    private func close(_ context: ChannelHandlerContext, after delay: TimeAmount) {
        let ended = request
        end?.cancel()
        end = context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
            guard self.request == ended, self.pace != nil || self.isGivenUp else { return }
            context.close(promise: nil)
        }
    }
}

extension GatewayContext {
    /// Treats the current request's body as a file, which may come more slowly than a document.
    func allowBody(_ speed: BodySpeed) async throws {
        try await channel.eventLoop.submit { [channel] in
            try channel.pipeline.syncOperations.handler(type: ClientWatch.self).allow(speed)
        }.get()
    }
}
