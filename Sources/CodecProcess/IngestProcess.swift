public import Audio
public import Logging
public import NIOCore
internal import NIOPosix

/// One-shot ingest in a process of its own.
public enum IngestProcess {
    /// Runs `executable ingest` on an open file and waits for its verdict.
    ///
    /// The child gets a read-only view of the file with a position of its own, and a pipe to answer on; nothing else. It may take
    /// 20 s and a fifth of the sound it has decoded, not counting what it waits for a processor up to ten times that; it is killed
    /// after that, and is always waited for.
    ///
    /// - Parameters:
    ///   - fileDescriptor: the Original, open for reading; stays the caller's.
    ///   - fileBytes: the Original's size.
    ///   - limits: what the child takes.
    ///   - onEvent: receives all but the verdict, in order. The child's pipe is not read on while it runs, nor does that
    ///     time count.
    /// - Returns: the map, and what the whole process cost.
    /// - Throws: `Refusal` as the child gave it, or of kind `undecodable` where the child crashed or took too long;
    ///   ``WorkerError/unavailable(_:)`` where no child can be had, or it ended before it was ready; `CancellationError`; and what `onEvent` throws.
    public static func run(
        executable: String, fileDescriptor: Int32, fileBytes: Int, limits: IngestLimits = IngestLimits(),
        eventLoopGroup: any EventLoopGroup, logger: Logger, onEvent: (IngestEvent) async throws -> Void
    ) async throws -> (TrackMap, ProcessCost) {
        try await run(
            executable: executable, fileDescriptor: fileDescriptor, conversation: IngestConversation(fileBytes: fileBytes),
            limits: limits, eventLoopGroup: eventLoopGroup, logger: logger, onEvent: onEvent)
    }

    static func run(
        executable: String, fileDescriptor: Int32, conversation beginning: IngestConversation,
        limits: IngestLimits = IngestLimits(), eventLoopGroup: any EventLoopGroup, logger: Logger,
        onEvent: (IngestEvent) async throws -> Void
    ) async throws -> (TrackMap, ProcessCost) {
        try Task.checkCancellation()
        let start = ContinuousClock.now
        let loop = eventLoopGroup.next()
        let started = try await self.start(
            executable, limits, on: fileDescriptor, loop: loop, inheritsErrors: logger.logLevel <= .debug)
        var conversation = beginning
        let outcome: Result<Void, any Error>
        do {
            let channel = try await connect(started, fileBytes: conversation.fileBytes, on: loop)
            outcome = .success(
                try await channel.executeThenClose { inbound in
                    var messages = inbound.makeAsyncIterator()
                    while conversation.verdict == nil,
                        let event = try await conversation.next(from: &messages, of: started.child, on: loop)
                    {
                        if conversation.verdict == nil { try await onEvent(event) }
                    }
                })
        } catch {
            outcome = .failure(error)
        }
        let exit = try await started.child.reap(on: loop).get()
        if let verdict = conversation.verdict {
            return (try verdict.get(), ProcessCost(cpu: exit.cpu, wall: ContinuousClock.now - start))
        }
        try outcome.get()
        let error = conversation.failure(exit)
        logger.warning("ingest failed", metadata: ["detail": "\(error)", "exit": "\(exit.sentence)"])
        throw error
    }

    private static func start(
        _ executable: String, _ limits: IngestLimits, on file: Int32, loop: any EventLoop, inheritsErrors: Bool
    ) async throws(WorkerError) -> StartedIngest {
        do {
            return try await NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
                try StartedIngest(
                    executable, arguments: limits.arguments, file: file, environment: WorkerPool.Configuration.minimalEnvironment,
                    inheritsErrors: inheritsErrors)
            }.get()
        } catch {
            throw .unavailable((error as? SystemError)?.reason ?? "\(error)")
        }
    }

    private static func connect(
        _ started: StartedIngest, fileBytes: Int, on loop: any EventLoop
    ) async throws -> NIOAsyncChannel<Message, Never> {
        do {
            return try await NIOPipeBootstrap(group: loop)
                .channelOption(.maxMessagesPerRead, value: 1)
                .takingOwnershipOfDescriptor(input: started.replies) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let decoder = MessageDecoder(limits: IngestEvent.limits(fileBytes: fileBytes))
                        try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(decoder))
                        return try NIOAsyncChannel(
                            wrappingChannelSynchronously: channel,
                            configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2)))
                    }
                }
        } catch {
            started.closePipe()
            throw error
        }
    }
}
