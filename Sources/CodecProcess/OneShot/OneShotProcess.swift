import Audio
internal import FileSystem
internal import Glibc
import Logging
import NIOCore
import NIOPosix

/// One run of `sweetspot-codec` on one open file. The process gets only a read-only view of the file, with an independent
/// position, and a pipe to answer on. It is always waited for.
struct OneShotProcess: Sendable {
    let executable: String
    let mode: String
    let arguments: [String]
    /// The longest body of each kind of message it may send, in bytes.
    let limits: [MessageKind: Int]
    let eventLoopGroup: any EventLoopGroup
    let logger: Logger

    /// Runs it and waits for its verdict. `onEvent` receives all events before that; the pipe is not read during its calls, nor
    /// does that time count.
    ///
    /// - Returns: the verdict, and the cost of the whole process.
    /// - Throws: the `Refusal` it gave, or one of kind `undecodable` if it crashed or took too long;
    ///   ``WorkerError/unavailable(_:)`` if no child could be started or it ended before it was ready; `CancellationError`;
    ///   and the errors of `onEvent`.
    func run<Conversation: OneShotConversation>(
        on file: Int32, _ beginning: Conversation, onEvent: (Conversation.Event) async throws -> Void
    ) async throws -> (Conversation.Answer, ProcessCost) {
        try Task.checkCancellation()
        let begin = ContinuousClock.now
        let loop = eventLoopGroup.next()
        let started = try await start(on: file, loop: loop)
        var conversation = beginning
        var time = OneShotTime()
        let outcome: Result<Void, any Error>
        do {
            let channel = try await connect(started, on: loop)
            outcome = .success(
                try await channel.executeThenClose { inbound in
                    var messages = inbound.makeAsyncIterator()
                    while conversation.verdict == nil,
                        let event = try await next(&conversation, &time, from: &messages, of: started.child, on: loop)
                    {
                        if conversation.verdict == nil { try await onEvent(event) }
                    }
                })
        } catch {
            outcome = .failure(error)
        }
        let exit = try await started.child.killAndReap(on: loop).get()
        if let verdict = conversation.verdict {
            return (try verdict.get(), ProcessCost(cpu: exit.cpu, wall: ContinuousClock.now - begin))
        }
        try outcome.get()
        let error = failure(exit, conversation, time)
        logger.warning("\(mode) failed", metadata: ["detail": "\(error)", "exit": "\(exit.sentence)"])
        throw error
    }

    /// The next event; nil if the process has ended, broken the protocol or run out of time.
    private func next<Conversation: OneShotConversation>(
        _ conversation: inout Conversation, _ time: inout OneShotTime,
        from messages: inout NIOAsyncChannelInboundStream<Message>.AsyncIterator, of child: ChildProcess,
        on loop: any EventLoop
    ) async throws(CancellationError) -> Conversation.Event? {
        do {
            let message = try await time.next(from: &messages, of: child, deadline: conversation.deadline, on: loop)
            guard let message else { return nil }
            let event = try conversation.hear(message)
            child.allow(cpu: conversation.deadline + .seconds(10))
            return event
        } catch {
            guard !Task.isCancelled else { throw CancellationError() }
            return nil
        }
    }

    /// Why there is no verdict, after the process has ended.
    private func failure(_ exit: ChildExit, _ conversation: some OneShotConversation, _ time: OneShotTime) -> any Error {
        if Task.isCancelled { return CancellationError() }
        // The sandbox cannot be entered, the loader finds no library, or the program is of another version: not the file's fault.
        guard conversation.isReady else {
            return WorkerError.unavailable("the \(mode) process \(exit.sentence) before it was ready")
        }
        return time.failure(deadline: conversation.deadline, offset: conversation.progress)
            ?? Refusal(.undecodable, "the decoder failed: it \(exit.sentence)", offset: conversation.progress)
    }

    private func start(on file: Int32, loop: any EventLoop) async throws(WorkerError) -> StartedOneShot {
        do {
            return try await NIOThreadPool.singleton.runIfActive(eventLoop: loop) { [self] in
                try StartedOneShot(
                    executable, mode: mode, arguments: arguments, file: file, inheritsErrors: logger.logLevel <= .debug)
            }.get()
        } catch {
            throw .unavailable("\(error)")
        }
    }

    private func connect(
        _ started: StartedOneShot, on loop: any EventLoop
    ) async throws -> NIOAsyncChannel<Message, Never> {
        do {
            return try await NIOPipeBootstrap(group: loop)
                .channelOption(.maxMessagesPerRead, value: 1)
                .takingOwnershipOfDescriptor(input: started.replies) { [limits] channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(ByteToMessageHandler(MessageDecoder(limits: limits)))
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

/// A one-shot process just started and our end of its pipe. The receiver closes the pipe or gives it to a channel.
struct StartedOneShot: Sendable {
    let child: ChildProcess
    let replies: Int32

    /// Starts `executable mode arguments…` on a read-only view of an open file. Blocks for about a millisecond.
    init(
        _ executable: String, mode: String, arguments: [String], file: Int32, inheritsErrors: Bool
    ) throws(SystemError) {
        let input = try Descriptor.readOnly(of: file)
        let replies = try Pipe()
        child = try ChildProcess.start(
            executable, mode: mode, arguments: arguments, environment: WorkerPool.Configuration.minimalEnvironment, input: input,
            output: replies.writing, inheritsErrors: inheritsErrors)
        self.replies = replies.reading.release()
    }

    /// Closes our end, if no channel took it.
    func closePipe() {
        close(replies)
    }
}
