public import Audio
public import Logging
public import Metrics
public import NIOCore

/// The parent's side of the workers: long-lived processes that turn packets into chunks and that may crash at any time.
///
/// One process more than ``workers`` is kept ready, so that the job of a worker that died continues at once in another. Workers
/// are not trusted: a reply that is too long, comes too early or belongs to another job ends the worker.
///
/// Owns its processes and pipes until ``shutdown()`` has returned, which must be before the event loop group is shut down. All of
/// it runs on one event loop of the group.
public final class WorkerPool: Sendable {
    private let loop: any EventLoop
    private let shell: NIOLoopBoundBox<PoolShell>
    private let processes = ProcessList()
    /// Chunks that can be rendered at once.
    public let workers: Int

    public init(
        configuration: Configuration, eventLoopGroup: any EventLoopGroup, logger: Logger, metrics: any MetricsFactory
    ) {
        workers = max(1, configuration.workers)
        loop = eventLoopGroup.next()
        shell = NIOLoopBoundBox.makeBoxSendingValue(
            PoolShell(
                configuration: configuration, loop: loop, logger: logger, metrics: PoolMetrics(factory: metrics),
                processes: processes),
            eventLoop: loop)
    }

    /// Starts the workers in the background. From here on this process ignores SIGPIPE, or a worker's death could be its own.
    public func start() {
        ignoreBrokenPipes()
        loop.execute { self.shell.value.start() }
    }

    /// The fingerprint all workers share, once the first of them is ready: about 50 ms after the start.
    ///
    /// - Throws: ``WorkerError/unavailable(_:)`` after three workers died without ever being ready.
    public func fingerprint() async throws(WorkerError) -> RenderFingerprint {
        try await answer { shell, complete in shell.fingerprint(complete) }.get()
    }

    /// Renders one chunk, waiting for a worker in order of calls.
    ///
    /// A worker that dies or exceeds the deadline costs one more attempt in another; a worker killed from outside, up to seven. A
    /// new attempt's bytes are compared with those delivered before and continue where they stopped. Cancelling the calling task
    /// has no effect: a job runs to its end.
    ///
    /// - Parameters:
    ///   - packets: the bytes of ``RenderPlan/byteRange``, at most 128 MiB with the job.
    ///   - emit: called in order with the chunk's bytes as they arrive, `job.byteCount` in all if the call returns, from the
    ///     pool's event loop (so it must be quick) and never after the call's end.
    /// - Returns: CPU time of the attempt that succeeded, and the time from its first start to its end.
    public func render(
        _ job: RenderJob, packets: [UInt8], emit: @escaping @Sendable ([UInt8]) -> Void
    ) async throws(WorkerError) -> ProcessCost {
        try await answer { shell, complete in
            shell.submit(PendingJob(job, packets: packets, emit: emit, complete: complete))
        }.get()
    }

    /// Fails queued and running jobs with ``WorkerError/stopped``, kills every worker and waits until none is left.
    public func shutdown() async {
        await withCheckedContinuation { continuation in
            loop.execute { self.shell.value.stop { continuation.resume() } }
        }
    }

    /// The living workers' process numbers, busy ones first.
    public var processIdentifiers: [Int32] { processes.identifiers }

    private func answer<Answer: Sendable>(
        _ ask: @escaping @Sendable (PoolShell, @escaping @Sendable (Result<Answer, WorkerError>) -> Void) -> Void
    ) async -> Result<Answer, WorkerError> {
        await withCheckedContinuation { continuation in
            loop.execute { ask(self.shell.value) { continuation.resume(returning: $0) } }
        }
    }
}

/// Why a chunk was not rendered.
public enum WorkerError: Error, Sendable, Equatable {
    /// The worker refused the job and said why. The job is bad, so it was not tried again.
    case failed(String)
    /// Two workers died over the job, by crash or deadline, or eight were killed from outside.
    case died
    /// No worker is available, and why: none starts, or its render fingerprint is not the pool's.
    case unavailable(String)
    /// The pool was shut down.
    case stopped
}

/// The cost of work in another process.
public struct ProcessCost: Sendable, Hashable {
    /// User and system time: of a chunk's last attempt, or of a whole ingest process.
    public var cpu: Duration
    /// From the first byte sent to the last byte received.
    public var wall: Duration

    public init(cpu: Duration, wall: Duration) {
        self.cpu = cpu
        self.wall = wall
    }
}
