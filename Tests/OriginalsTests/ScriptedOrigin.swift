import NIOCore
import NIOPosix
import Synchronization

/// A TCP server that answers the n-th connection's request with the n-th of its texts and closes; beyond them it says nothing.
final class ScriptedOrigin: Sendable {
    /// What an answer ends with where the connection is to stay open.
    static let hangs = "\u{0}"

    let base: String
    private let channel: any Channel
    private let log: Log

    final class Log: Sendable {
        private let state: Mutex<(answers: [String], requests: [String])>

        init(_ answers: [String]) { state = Mutex((answers, [])) }

        var requests: [String] { state.withLock { $0.requests } }

        func answer(to request: String) -> String {
            state.withLock { state in
                state.requests.append(request)
                return state.answers.isEmpty ? ScriptedOrigin.hangs : state.answers.removeFirst()
            }
        }
    }

    /// Heads of the requests so far.
    var requests: [String] { log.requests }

    init(_ answers: [String]) async throws {
        let log = Log(answers)
        self.log = log
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { $0.pipeline.addHandler(Answerer(log: log)) }
            .bind(host: "127.0.0.1", port: 0).get()
        base = "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    }

    func close() async throws { try await channel.close() }

    private final class Answerer: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        let log: Log

        init(log: Log) { self.log = log }

        /// A request without a body this small comes in one piece.
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let answer = log.answer(to: String(buffer: Self.unwrapInboundIn(data)))
            let hangs = answer.hasSuffix(ScriptedOrigin.hangs)
            let bytes = ByteBuffer(string: hangs ? String(answer.dropLast()) : answer)
            let written = context.writeAndFlush(Self.wrapOutboundOut(bytes))
            if !hangs { written.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
        }
    }
}
