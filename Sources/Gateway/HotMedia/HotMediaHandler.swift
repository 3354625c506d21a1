import NIOCore
import NIOHTTP1

/// Sends the answers of ``HotMedia``, and passes every other request and its response on.
///
/// It stands between NIO's HTTP decoder and everything else. Answers keep the order of their requests: while a response that
/// passes through has not ended, no request is answered here.
final class HotMediaHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Hummingbird closes a connection on which it has seen no request for 75 s, so a request is passed to it in time.
    private static let longestSilence = TimeAmount.seconds(30)
    /// How long a client may take to read the last answers of a connection that is to be closed.
    private static let lastAnswers = TimeAmount.minutes(5)

    private let media: HotMedia
    private let connection: OpenConnection
    /// Requests passed on whose responses have not ended.
    private var passed = 0
    private var lastPassed = NIODeadline.now()
    private var answer: HotMedia.Answer?
    /// Answers that the socket has not yet taken to their end.
    private var unsent = 0
    private var close: (() -> Void)?
    /// Whether a response that passed through said that the connection ends with it: later requests get no answer here.
    private var isEnding = false
    /// Whether the response that passes through is to a HEAD and announces chunks: the last chunk, which NIO's encoder would
    /// write, is not sent.
    private var isBodiless = false
    private var peer: (address: IPAddress?, text: String) = (nil, "")
    /// The response encoder's context: a write through it goes to the socket and past the encoder.
    private var encoder: ChannelHandlerContext?

    init(_ media: HotMedia, _ connection: OpenConnection) {
        self.media = media
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let address = IPAddress(context.remoteAddress)
        peer = (address, address?.description ?? "")
        encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        close?()
        encoder = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let now = NIODeadline.now()
            // A client that does not read is left to the router, whose answers wait until they can be written.
            if passed == 0, close == nil, !isEnding, context.channel.isWritable, now - lastPassed < Self.longestSilence {
                answer = media.answer(head, from: peer)
            }
            guard answer == nil else {
                connection.noteIdle(since: now)
                return
            }
            passed += 1
            lastPassed = now
            connection.noteBusy()
        case .body:
            break
        case .end:
            guard let answer else { break }
            self.answer = nil
            send(answer, context)
            return
        }
        context.fireChannelRead(data)
    }

    private func send(_ answer: HotMedia.Answer, _ context: ChannelHandlerContext) {
        guard let encoder else { return }
        encoder.write(NIOAny(answer.head), promise: nil)
        for piece in answer.body.dropLast() { encoder.write(NIOAny(piece), promise: nil) }
        let end = context.eventLoop.makePromise(of: Void.self)
        encoder.write(NIOAny(answer.body.last ?? ByteBuffer()), promise: end)
        unsent += 1
        end.futureResult.assumeIsolated().whenComplete { _ in
            self.unsent -= 1
            guard self.unsent == 0, let close = self.close else { return }
            close()
        }
        encoder.flush()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            if head.headers.first(name: "connection") == "close" { isEnding = true }
            // Until here only ``Persistence`` adds this field, to answers to HEAD. NIO's encoder, which comes next, adds it
            // for bodies.
            isBodiless = head.headers.contains(name: "transfer-encoding")
        case .body: break
        case .end:
            passed -= 1
            if passed == 0 { connection.noteIdle(since: .now()) }
            if isBodiless, let encoder {
                encoder.write(NIOAny(ByteBuffer()), promise: promise)
                return
            }
        }
        context.write(data, promise: promise)
    }

    /// The caller that closes the connection does not know of answers under way here, so the close waits for them. A second
    /// call does not wait.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard unsent > 0, close == nil, mode != .input else {
            context.close(mode: mode, promise: promise)
            return
        }
        let patience = context.eventLoop.assumeIsolated().scheduleTask(in: Self.lastAnswers) { self.close?() }
        close = { [weak self] in
            self?.close = nil
            patience.cancel()
            context.close(mode: mode, promise: promise)
        }
    }
}
