import Synchronization

/// Processor time added up by many renders at once.
final class ProcessorTime: Sendable {
    private let sum = Mutex(Duration.zero)

    var total: Duration { sum.withLock { $0 } }

    func add(_ time: Duration) { sum.withLock { $0 += time } }
}
