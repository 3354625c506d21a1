import NIOCore
import NIOPosix

/// A TCP connection to a server, for what no well-behaved client sends.
struct RawConnection {
    /// The server closed the connection after this text.
    struct Closed: Error {
        let text: String
    }

    private let channel: any Channel
    private var incoming: AsyncStream<ByteBuffer>.Iterator
    /// Bytes that have arrived and have not been taken.
    private var pending: [UInt8] = []

    /// - Parameter isStalled: begins as a client that takes nothing; see ``resume()``.
    static func run<Value>(
        to server: RunningServer, isStalled: Bool = false, _ body: (inout RawConnection) async throws -> Value
    ) async throws -> Value {
        let (stream, receiver) = AsyncStream<ByteBuffer>.makeStream()
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: !isStalled)
            .channelInitializer { $0.pipeline.addHandler(Receiver(continuation: receiver)) }
        // A size that is set does not grow: the kernel must not read on the client's behalf.
        if isStalled { bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: 1 << 16) }
        let channel = try await bootstrap.connect(host: "127.0.0.1", port: server.port).get()
        var connection = RawConnection(channel: channel, incoming: stream.makeAsyncIterator())
        do {
            let value = try await body(&connection)
            try? await channel.close()
            return value
        } catch {
            try? await channel.close()
            throw error
        }
    }

    /// Sends `text` and reads until the server closes.
    static func exchange(_ text: String, with server: RunningServer) async throws -> String {
        try await exchange(Array(text.utf8), with: server)
    }

    static func exchange(_ bytes: [UInt8], with server: RunningServer) async throws -> String {
        try await run(to: server) { connection in
            // The server may close before it has taken all.
            connection.channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
            return String(decoding: await connection.readToEnd(), as: UTF8.self)
        }
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }
    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    /// Closes this side; the other may go on.
    func finishSending() async throws { try await channel.close(mode: .output) }

    /// Begins to take what the server sends.
    func resume() async throws { try await channel.setOption(.autoRead, value: true).get() }

    /// Reads up to and including `mark`.
    mutating func read(through mark: String) async throws -> String {
        let mark = Array(mark.utf8)
        while true {
            if let end = pending.indices.first(where: { pending[$0...].starts(with: mark) }) {
                let taken = pending[..<(end + mark.count)]
                pending = Array(pending[(end + mark.count)...])
                return String(decoding: taken, as: UTF8.self)
            }
            guard let more = await incoming.next(isolation: #isolation) else {
                throw Closed(text: String(decoding: pending, as: UTF8.self))
            }
            pending += more.readableBytesView
        }
    }

    /// Reads `count` bytes and forgets them.
    mutating func skip(_ count: Int) async throws {
        while pending.count < count {
            guard let more = await incoming.next(isolation: #isolation) else {
                throw Closed(text: String(decoding: pending, as: UTF8.self))
            }
            pending += more.readableBytesView
        }
        pending.removeFirst(count)
    }

    /// Reads until the server closes; a reset counts as that.
    mutating func readToEnd() async -> [UInt8] {
        while let more = await incoming.next(isolation: #isolation) { pending += more.readableBytesView }
        defer { pending = [] }
        return pending
    }

    private final class Receiver: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        let continuation: AsyncStream<ByteBuffer>.Continuation

        init(continuation: AsyncStream<ByteBuffer>.Continuation) { self.continuation = continuation }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { continuation.yield(Self.unwrapInboundIn(data)) }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case ChannelEvent.inputClosed = event { continuation.finish() }
        }

        func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
