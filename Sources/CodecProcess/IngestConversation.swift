import Audio
import NIOCore

/// What one ingest process has said so far, and whether it may go on: a pure check of untrusted events.
struct IngestConversation {
    /// Beyond the longest track ingest takes: no claim of progress buys more time than this is worth.
    private static let longestTrack = 48 * 3_600_000

    let fileBytes: Int
    /// What libraries the process has said its map will be made with; nil until it is ready, and has not seen the file.
    private(set) var libraries: String?
    private let patience: Duration
    /// Bytes of the file worked through, as last claimed.
    private(set) var progress = 0
    private var milliseconds = 0
    private var packetBytes = 0
    private var artBytes = 0
    /// Time spent waiting for the process.
    private var waited = Duration.zero
    /// Set where its time was up: how long it had been without a processor by then.
    private var overdueDelay: Duration?
    private(set) var verdict: Result<TrackMap, Refusal>?

    /// - Parameter patience: the time it may take before it has decoded anything.
    init(fileBytes: Int, patience: Duration = .seconds(20)) {
        self.fileBytes = fileBytes
        self.patience = patience
    }

    /// The time the process may have taken by now: its patience and a fifth of the sound it has decoded.
    var deadline: Duration { patience + .milliseconds(milliseconds) / 5 }

    /// Whether the process may take no more after `waited`. What it spent of that without a processor does not count, up to ten
    /// times its deadline in all: ingest runs behind everything else.
    func isOver(waited: Duration, runDelay: Duration) -> Bool {
        waited >= min(deadline + runDelay, deadline * 10)
    }

    /// Takes the next event; the first, and only that, says that the process is ready. An accepted map must describe this file, lie
    /// inside it or inside the packet bytes sent, and be made with the libraries named at first.
    mutating func hear(_ event: IngestEvent) throws(ProtocolViolation) {
        guard verdict == nil else { throw ProtocolViolation() }
        guard let known = libraries else {
            guard case .ready(let libraries) = event else { throw ProtocolViolation() }
            self.libraries = libraries
            return
        }
        switch event {
        case .ready: throw ProtocolViolation()
        case .progress(let bytes, let milliseconds):
            guard (progress...max(progress, fileBytes)).contains(bytes), milliseconds >= self.milliseconds,
                milliseconds <= Self.longestTrack
            else { throw ProtocolViolation() }
            (progress, self.milliseconds) = (bytes, milliseconds)
        case .packetBytes(let bytes):
            packetBytes += bytes.count
            guard packetBytes <= TrackMap.packetFileLimit(originalBytes: fileBytes) else { throw ProtocolViolation() }
        case .artBytes(let bytes):
            artBytes += bytes.count
            guard artBytes <= Picture.Limit.bytes else { throw ProtocolViolation() }
        case .accepted(let map):
            guard artBytes == map.art?.bytes ?? 0, map.libraries == known else { throw ProtocolViolation() }
            let bytes = map.usesPacketFile ? packetBytes : fileBytes
            guard map.originalBytes == fileBytes, map.packets.endOffset <= bytes else { throw ProtocolViolation() }
            verdict = .success(map)
        case .refused(let refusal):
            verdict = .failure(refusal)
        }
    }
}

extension IngestConversation {
    typealias Messages = NIOAsyncChannelInboundStream<Message>.AsyncIterator

    /// Waits for the next event, no longer than the process may take; nil where it will say nothing more that makes sense.
    mutating func next(
        from messages: inout Messages, of child: ChildProcess, on loop: any EventLoop
    ) async throws(CancellationError) -> IngestEvent? {
        let asked = ContinuousClock.now
        let timer = loop.scheduleRepeatedTask(
            initialDelay: TimeAmount(max(.zero, deadline - waited)), delay: .milliseconds(100)
        ) { [self] timer in
            guard isOver(waited: waited + (ContinuousClock.now - asked), runDelay: child.runDelay()) else { return }
            child.kill()
            timer.cancel()
        }
        defer { timer.cancel() }
        do {
            let message = try await messages.next(isolation: #isolation)
            waited += ContinuousClock.now - asked
            guard let message else {
                // Both go on until it is gone, the delay no faster than the time: what was over when it was killed still is.
                let delay = child.runDelay()
                if isOver(waited: waited, runDelay: delay) { overdueDelay = delay }
                return nil
            }
            let event = try IngestEvent(message)
            try hear(event)
            child.allow(cpu: deadline + .seconds(10))
            return event
        } catch {
            guard !Task.isCancelled else { throw CancellationError() }
            return nil
        }
    }

    /// Why there is no verdict, after the process has ended.
    func failure(_ exit: ChildExit) -> any Error {
        if Task.isCancelled { return CancellationError() }
        // A sandbox that cannot be entered, a loader that finds no library, a program of another version: not the file's fault.
        guard libraries != nil else { return WorkerError.unavailable("the ingest process \(exit.sentence) before it was ready") }
        if let overdueDelay {
            guard waited - overdueDelay >= deadline else {
                return WorkerError.unavailable("the ingest process hardly got a processor for \(waited.components.seconds) s")
            }
            return Refusal(.undecodable, "decoding it takes longer than \(deadline.components.seconds) s", offset: progress)
        }
        return Refusal(.undecodable, "the decoder broke down on it: it \(exit.sentence)", offset: progress)
    }
}
