import Synchronization

/// The listeners being answered at the moment, and the number of their answers.
final class ReadingsUnderWay: Sendable {
    /// One answer under way. It ends when its last reference is released.
    final class Reading: Sendable {
        private let listener: Listener
        private let readings: ReadingsUnderWay

        fileprivate init(_ listener: Listener, _ readings: ReadingsUnderWay) {
            self.listener = listener
            self.readings = readings
        }

        deinit { readings.end(listener) }
    }

    private let counts = Mutex<[Listener: Int]>([:])

    func begin(_ listener: Listener) -> Reading {
        counts.withLock { $0[listener, default: 0] += 1 }
        return Reading(listener, self)
    }

    /// Answers to `listener` under way.
    func count(of listener: Listener) -> Int { counts.withLock { $0[listener] ?? 0 } }

    private func end(_ listener: Listener) {
        counts.withLock { counts in
            let left = (counts[listener] ?? 0) - 1
            counts[listener] = left > 0 ? left : nil
        }
    }
}
