import Synchronization

/// Slows down who guesses passwords: failed logins of an address and of an account name are counted apart, and each may fail some times
/// at once and then once in a while.
///
/// A right password is held to the same: whoever is told to wait learns nothing.
final class LoginThrottle: Sendable {
    /// Failures that are free, and how long it takes until one of them is forgotten.
    static let free = 8
    static let forgetting = Duration.seconds(30)
    private static let capacity = 1 << 14

    private struct Failures {
        var count: Double
        var since: ContinuousClock.Instant

        func count(_ now: ContinuousClock.Instant) -> Double {
            max(0, count - (now - since) / LoginThrottle.forgetting)
        }
    }

    private let failures = Mutex<[String: Failures]>([:])

    /// Takes an attempt of all `keys` in advance; it is given back by ``succeeded(_:)``. How long to wait where it may not be made.
    func attempt(_ keys: [String], now: ContinuousClock.Instant = .now) -> Duration? {
        failures.withLock { failures in
            let counts = keys.map { failures[$0]?.count(now) ?? 0 }
            if let most = counts.max(), most > Double(Self.free - 1) { return Self.forgetting * (most - Double(Self.free - 1)) }
            // Whoever sends many names fills the table and not the memory: who failed longest ago is forgotten.
            if failures.count + keys.count > Self.capacity {
                failures = failures.filter { $0.value.count(now) >= 1 }
                if failures.count + keys.count > Self.capacity { failures.removeAll(keepingCapacity: true) }
            }
            for (key, count) in zip(keys, counts) { failures[key] = Failures(count: count + 1, since: now) }
            return nil
        }
    }

    func succeeded(_ keys: [String]) {
        failures.withLock { failures in for key in keys { failures[key] = nil } }
    }
}
