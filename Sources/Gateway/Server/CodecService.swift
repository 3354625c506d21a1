import CodecProcess
import Locker
import Logging
import NIOPosix
import Originals
import ServiceLifecycle
import Streaming

/// Starts the codec workers before the server. After the server, it ends them and everything else that the server held.
struct CodecService: Service {
    let parts: ServerParts

    func run() async throws {
        parts.pool.start()
        try? await gracefulShutdown()
        await parts.checks.stop()
        // Both at the same time: a render that hangs ends when its worker does.
        async let renders: Void = parts.engine.shutdown()
        await parts.pool.shutdown()
        await renders
        try? await parts.store.shutdown()
        try? await parts.passwords.shutdownGracefully()
        do {
            try parts.catalogue.close()
        } catch {
            parts.logger.error("the catalogue is not all in its file", metadata: ["error": "\(error)"])
        }
        parts.claim.end()
    }
}
