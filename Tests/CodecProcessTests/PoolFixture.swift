import CodecProcess
import Foundation
import Logging
import MetricsTestKit
import NIOCore
import NIOPosix
import Testing

/// A pool for one test, what it counts, and the deaths it reports.
struct PoolFixture {
    let pool: WorkerPool
    let metrics = TestMetrics()
    let departures = Departures()

    /// Runs `body` with a started pool and shuts it down after.
    static func run(
        executable: String, workers: Int = 1, jobDeadline: Duration = .seconds(20),
        _ body: (PoolFixture) async throws -> Void
    ) async throws {
        let fixture = PoolFixture(
            WorkerPool.Configuration(executable: executable, workers: workers, jobDeadline: jobDeadline))
        fixture.pool.start()
        let result: Result<Void, any Error>
        do { result = .success(try await body(fixture)) } catch { result = .failure(error) }
        await fixture.pool.shutdown()
        try result.get()
    }

    /// The same with the real worker.
    static func run(
        workers: Int = 1, jobDeadline: Duration = .seconds(20), _ body: (PoolFixture) async throws -> Void
    ) async throws {
        try await run(executable: try #require(codecExecutable()), workers: workers, jobDeadline: jobDeadline, body)
    }

    private init(_ configuration: WorkerPool.Configuration) {
        pool = WorkerPool(
            configuration: configuration, eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: departures.logger,
            metrics: metrics)
    }

    var retries: Int64 { get throws { try metrics.expectCounter("sweetspot_chunk_retries_total").totalValue } }

    func exits(_ reason: String) throws -> Int64 {
        try metrics.expectCounter("sweetspot_worker_exits_total", [("reason", reason)]).totalValue
    }

    func render(_ chunk: MadeChunk, each: @escaping @Sendable (Int) -> Void = { _ in }) async throws -> [UInt8] {
        let collected = Collected()
        _ = try await pool.render(chunk.job, packets: chunk.packets) { each(collected.append($0)) }
        return collected.bytes
    }
}

/// Whether no process has this number any more, not even a zombie.
func isGone(_ process: Int32) -> Bool {
    kill(process, 0) == -1 && errno == ESRCH
}
