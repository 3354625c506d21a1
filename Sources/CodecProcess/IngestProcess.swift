public import Audio
public import Logging
public import NIOCore

/// One-shot ingest in a process of its own.
public enum IngestProcess {
    /// Runs `executable ingest` on an open file and waits for its verdict.
    ///
    /// It may take 20 s and a fifth of the sound it has decoded, not counting what it waits for a processor up to ten times that; it
    /// is killed after that, and is always waited for.
    ///
    /// - Parameters:
    ///   - fileDescriptor: the Original, open for reading; stays the caller's.
    ///   - fileBytes: the Original's size.
    ///   - limits: what the child takes.
    ///   - onEvent: receives all but the verdict, in order. The child's pipe is not read on while it runs, nor does that
    ///     time count.
    /// - Returns: the map and the measures, and what the whole process cost.
    /// - Throws: `Refusal` as the child gave it, or of kind `undecodable` where the child crashed or took too long;
    ///   ``WorkerError/unavailable(_:)`` where no child can be had, or it ended before it was ready; `CancellationError`; and what `onEvent` throws.
    public static func run(
        executable: String, fileDescriptor: Int32, fileBytes: Int, limits: IngestLimits = IngestLimits(),
        eventLoopGroup: any EventLoopGroup, logger: Logger, onEvent: (IngestEvent) async throws -> Void
    ) async throws -> (IngestedTrack, ProcessCost) {
        try await run(
            executable: executable, fileDescriptor: fileDescriptor, conversation: IngestConversation(fileBytes: fileBytes),
            limits: limits, eventLoopGroup: eventLoopGroup, logger: logger, onEvent: onEvent)
    }

    static func run(
        executable: String, fileDescriptor: Int32, conversation: IngestConversation, limits: IngestLimits = IngestLimits(),
        eventLoopGroup: any EventLoopGroup, logger: Logger, onEvent: (IngestEvent) async throws -> Void
    ) async throws -> (IngestedTrack, ProcessCost) {
        let process = OneShotProcess(
            executable: executable, mode: "ingest", arguments: limits.arguments,
            limits: IngestEvent.limits(fileBytes: conversation.fileBytes), eventLoopGroup: eventLoopGroup, logger: logger)
        return try await process.run(on: fileDescriptor, conversation, onEvent: onEvent)
    }
}
