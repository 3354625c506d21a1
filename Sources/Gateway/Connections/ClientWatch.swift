import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Watches what a connection waits for its client with: for the bytes of a body, which have a deadline, and for room to send.
///
/// The rule of ``BodySpeed`` is kept here for every body, whether a route reads it, has refused it, or does not know it: so no route
/// can forget it. Who reads a body that comes too slowly gets ``BodySpeed/TooSlow``, which is answered with 408. `Decisions/Crowds.md` has why.
final class ClientWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a client has for the answer that says it was too slow, and how long its route may take to give it.
    private static let lastAnswer = TimeAmount.seconds(3)
    private static let longestRoute = TimeAmount.seconds(30)
    /// How long what a client sends behind an answer is read and dropped: that it sees the answer before the connection ends.
    private static let linger = TimeAmount.seconds(10)

    private let speed: BodySpeed
    private let connection: OpenConnection
    /// Of the body under way; nil where none is.
    private var pace: BodyPace?
    /// Counts requests, so that a timer knows its own.
    private var request = 0
    private var timer: Scheduled<Void>?
    private var end: Scheduled<Void>?
    /// Whether the route has said that it takes files.
    private var isFile = false
    private var isGivenUp = false
    private var isRead = false
    /// The client has not been told yet to send the body.
    private var isExpecting = false
    /// Requests whose answers have not ended.
    private var unanswered = 0

    init(_ speed: BodySpeed, _ connection: OpenConnection) {
        self.speed = speed
        self.connection = connection
    }

    /// Another speed holds for the body under way: its route takes files.
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

    /// Says whether the server waits for the client in the middle of a request.
    private func noteHold(_ context: ChannelHandlerContext) {
        connection.noteHold((pace != nil && !isFile) || !context.channel.isWritable)
    }

    /// The client is waited for where the server reads, and the body is that of the request it is at.
    private func update() {
        if isRead, unanswered <= 1, !isExpecting { pace?.wait(.now) } else { pace?.pause(.now) }
    }

    private func time(_ context: ChannelHandlerContext, after delay: Duration) {
        let timed = request
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) {
            self.timer = nil
            guard self.pace != nil else { return }
            // Of a later body than the one it was made for: that one's own time begins.
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

    /// Ends the connection unless the body comes to its end meanwhile, which leaves it as good as any.
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
    /// Takes the body of the request at hand for a file's, which may come more slowly than a document's.
    func allowBody(_ speed: BodySpeed) async throws {
        try await channel.eventLoop.submit { [channel] in
            try channel.pipeline.syncOperations.handler(type: ClientWatch.self).allow(speed)
        }.get()
    }
}
