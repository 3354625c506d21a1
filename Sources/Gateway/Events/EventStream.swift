import Locker
import Synchronization

/// The events of one client that its response has not written yet. What comes while the client does not read is joined, so
/// they never grow.
final class EventStream: Sendable {
    struct Events: Equatable {
        var subjects: ChangeSubjects = []
        /// Whether it is time to show that the connection is alive.
        var isBeat = false
    }

    private let waiting = Mutex(Events())
    private let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    func tell(_ subjects: ChangeSubjects) {
        waiting.withLock { $0.subjects.formUnion(subjects) }
        signal.yield()
    }

    func beat() {
        waiting.withLock { $0.isBeat = true }
        signal.yield()
    }

    func end() { signal.finish() }

    /// Waits for events. Returns nil at the end, and if the task is cancelled.
    func next() async -> Events? {
        for await _ in signals {
            return waiting.withLock { waiting in
                defer { waiting = Events() }
                return waiting
            }
        }
        return nil
    }
}
