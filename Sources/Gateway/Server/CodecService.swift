import CodecProcess
import Locker
import Logging
import NIOPosix
import Originals
import ServiceLifecycle
import Streaming

/// Starts the codec workers before the server, and ends them and what else the server held after it.
struct CodecService: Service {
    let pool: WorkerPool
    let engine: StreamEngine
    let store: any OriginalVault
    let catalogue: Catalogue
    let passwords: NIOThreadPool
    let checks: UploadChecks
    let claim: DirectoryClaim
    let logger: Logger

    func run() async throws {
        pool.start()
        try? await gracefulShutdown()
        await checks.stop()
        // At once: a render that hangs ends when its worker does.
        async let renders: Void = engine.shutdown()
        await pool.shutdown()
        await renders
        try? await store.shutdown()
        try? await passwords.shutdownGracefully()
        do {
            try catalogue.close()
        } catch {
            logger.error("the catalogue is not all in its file", metadata: ["error": "\(error)"])
        }
        claim.end()
    }
}
