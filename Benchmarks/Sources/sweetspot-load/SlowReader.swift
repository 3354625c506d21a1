import NIOCore
import NIOPosix
import Synchronization

/// A client that asks for a song and takes a few bytes of it a second: the rest waits in the kernel, and then at the server.
struct SlowReader {
    let host: String
    let port: Int
    let path: String
    let token: String?
    /// Bytes a second.
    let rate: Int

    /// Reads for `seconds` and leaves.
    func run(seconds: Double, on group: any EventLoopGroup) async throws -> Int {
        let reader = Reader()
        let channel = try await ClientBootstrap(group: group)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.so_rcvbuf), value: 4096)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: rate))
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { $0.pipeline.addHandler(reader) }
            .connect(host: host, port: port).get()
        let credentials = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        try await channel.writeAndFlush(
            ByteBuffer(string: "GET \(path) HTTP/1.1\r\nHost: \(host):\(port)\r\n\(credentials)Connection: close\r\n\r\n"))
        let end = now() + seconds
        while now() < end, channel.isActive {
            channel.read()
            try await Task.sleep(for: .seconds(1))
        }
        try? await channel.close()
        return reader.bytes.withLock { $0 }
    }

    private final class Reader: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let bytes = Mutex(0)

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            bytes.withLock { $0 += unwrapInboundIn(data).readableBytes }
        }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
