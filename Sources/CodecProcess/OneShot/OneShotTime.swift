import Audio
import NIOCore

/// The time a one-shot process takes, counted by its parent.
struct OneShotTime {
    /// Time spent waiting for the process.
    private var waited = Duration.zero
    /// Set if its time was up: how long the process had been without a processor by then.
    private var overdueDelay: Duration?

    /// Waits for the next message, at most until the process has taken `deadline` in all. Returns nil if none comes.
    mutating func next(
        from messages: inout NIOAsyncChannelInboundStream<Message>.AsyncIterator, of child: ChildProcess,
        deadline: Duration, on loop: any EventLoop
    ) async throws -> Message? {
        let asked = ContinuousClock.now
        let timer = loop.scheduleRepeatedTask(
            initialDelay: TimeAmount(max(.zero, deadline - waited)), delay: .milliseconds(100)
        ) { [waited] timer in
            let waited = waited + (ContinuousClock.now - asked)
            guard ChildProcess.isOver(waited: waited, runDelay: child.runDelay(), deadline: deadline) else { return }
            child.kill()
            timer.cancel()
        }
        defer { timer.cancel() }
        let message = try await messages.next(isolation: #isolation)
        waited += ContinuousClock.now - asked
        if message == nil {
            // Time and delay grow until the child is gone, the delay no faster: if the time was over at the kill, it still is.
            let delay = child.runDelay()
            if ChildProcess.isOver(waited: waited, runDelay: delay, deadline: deadline) { overdueDelay = delay }
        }
        return message
    }

    /// Why a process that was ready has no verdict, if its time was up; nil if it took no more than `deadline`.
    func failure(deadline: Duration, offset: Int?) -> (any Error)? {
        overdueDelay.map { delay in
            guard waited - delay >= deadline else {
                return WorkerError.unavailable("the process got almost no processor time in \(waited.components.seconds) s")
            }
            return Refusal(.undecodable, "decoding it takes longer than \(deadline.components.seconds) s", offset: offset)
        }
    }
}
