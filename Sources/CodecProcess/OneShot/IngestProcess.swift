public import Audio
public import Logging
public import NIOCore

/// One-shot ingest: one process per file.
public enum IngestProcess {
    /// Runs `executable ingest` on an open file and waits for its verdict.
    ///
    /// The process may take 20 s and a fifth of the sound it has decoded. Time without a processor does not count, up to ten
    /// times that. Then it is killed. It is always waited for.
    ///
    /// - Parameters:
    ///   - fileDescriptor: the Original, open for reading; the caller closes it.
    ///   - fileBytes: the Original's size.
    ///   - limits: the files the child accepts.
    ///   - onEvent: receives all events but the verdict, in order. The child's pipe is not read during the call, nor does
    ///     that time count.
    /// - Returns: the map and the measures, and the cost of the whole process.
    /// - Throws: `Refusal` as the child gave it, or of kind `undecodable` if the child crashed or took too long;
    ///   ``WorkerError/unavailable(_:)`` if no child could be started or it ended before it was ready; `CancellationError`;
    ///   and the errors of `onEvent`.
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
