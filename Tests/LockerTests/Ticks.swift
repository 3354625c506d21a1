import Synchronization

/// A clock that shows the given times, one a look.
final class Ticks: Sendable {
    private let rest: Mutex<[Int]>

    init(_ times: [Int]) { rest = Mutex(times) }

    func next() -> Int {
        rest.withLock { $0.isEmpty ? 0 : $0.removeFirst() }
    }
}
