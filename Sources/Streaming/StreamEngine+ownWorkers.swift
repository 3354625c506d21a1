public import Audio
import CodecProcess
public import Logging
import Metrics
public import NIOCore
public import Originals

extension StreamEngine {
    /// Runs `body` with an engine and codec processes started for it, which end with it: for whole Streams without a
    /// listener.
    ///
    /// - Parameters:
    ///   - jobs: codec processes, and chunks rendered at once.
    ///   - executable: path of `sweetspot-codec`.
    public static func withOwnWorkers<Result>(
        _ jobs: Int, of originals: any OriginalStore, executable: String, eventLoopGroup: any EventLoopGroup, logger: Logger,
        _ body: (StreamEngine) async throws -> Result
    ) async throws -> Result {
        let metrics = NOOPMetricsHandler.instance
        let pool = WorkerPool(
            configuration: WorkerPool.Configuration(executable: executable, workers: jobs, hasStandby: false),
            eventLoopGroup: eventLoopGroup, logger: logger, metrics: metrics)
        pool.start()
        // Enough chunks ahead to keep every worker busy, whichever chunk the reader waits for.
        let engine = StreamEngine(
            originals: originals, pool: pool,
            configuration: Configuration(cacheBytes: 64 << 20, readAhead: jobs == 1 ? 1 : jobs + 2, slotsAhead: jobs + 1),
            metrics: metrics)
        let outcome: Swift.Result<Result, any Error>
        do { outcome = .success(try await body(engine)) } catch { outcome = .failure(error) }
        await engine.shutdown()
        await pool.shutdown()
        return try outcome.get()
    }

    /// Renders the whole Stream of an Original with one worker started for it, and passes its bytes to `write`.
    public static func render(
        _ rendition: Rendition, of original: OriginalHash, in originals: any OriginalStore, executable: String,
        eventLoopGroup: any EventLoopGroup, logger: Logger, to write: (ByteBuffer) async throws -> Void
    ) async throws {
        try await withOwnWorkers(1, of: originals, executable: executable, eventLoopGroup: eventLoopGroup, logger: logger) {
            engine in
            let stream = try await engine.stream(of: original, in: rendition)
            var reading = try await stream.read(0..<stream.length)
            while let bytes = try await reading.next() { try await write(bytes) }
        }
    }
}
