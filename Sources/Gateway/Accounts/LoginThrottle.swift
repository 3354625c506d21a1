import Crypto
import Foundation
import Synchronization

/// One try to log in.
struct LoginAttempt: Sendable, Hashable {
    enum Name: Sendable, Hashable {
        /// Whatever the client wrote, it means this account.
        case account(Int64)
        /// The first half of SHA-256 of a name that is nobody's.
        case unknown([UInt8])

        init(account: Int64?, name: String) {
            self = account.map { .account($0) } ?? .unknown(Array(SHA256.hash(data: Data(name.lowercased().utf8)).prefix(16)))
        }
    }

    /// ``IPAddress/network``; nil where the peer has none.
    var network: IPAddress?
    var name: Name
    /// Whether the account was logged in to from there before.
    var isFromKnownAddress = false
}

/// Slows down who guesses passwords: failed logins are counted by address, by account and by both. Each may fail some times at once and
/// then once in a while.
///
/// A right password is held to the same: whoever is told to wait learns nothing. An address that logged in to an account before is held
/// to its own failures at that account alone, so that nobody else can keep its owner out. A success takes back what that address failed
/// at that account, and nothing else. `Decisions/Logins.md` has why.
final class LoginThrottle: Sendable {
    enum Verdict: Sendable, Equatable {
        /// - Parameter failures: of the address, with what is under way.
        case goAhead(failures: Double)
        case wait(Duration)
    }

    /// Failures that are free, and how long it takes until one of them is forgotten.
    static let free = 8
    static let forgetting = Duration.seconds(30)
    /// Every entry takes an attempt that was let in, of which there are a few a second: so many are not forgotten in an hour.
    static let capacity = 1 << 14

    private enum Key: Hashable {
        case address(IPAddress?)
        case name(LoginAttempt.Name)
        case both(IPAddress?, LoginAttempt.Name)
    }

    private struct Failures {
        var count: Double
        var since: ContinuousClock.Instant

        func count(_ now: ContinuousClock.Instant) -> Double {
            max(0, count - (now - since) / LoginThrottle.forgetting)
        }
    }

    private let failures = Mutex<[Key: Failures]>([:])

    /// Counts an attempt as failed in advance, where it may be made.
    ///
    /// - Returns: how long to wait where it may not be made.
    func begin(_ attempt: LoginAttempt, now: ContinuousClock.Instant = .now) -> Verdict {
        failures.withLock { failures in
            func count(_ key: Key) -> Double { failures[key]?.count(now) ?? 0 }
            let keys = Self.keys(of: attempt)
            let most = Self.limiting(attempt).map(count).max() ?? 0
            if most > Double(Self.free - 1) { return .wait(Self.forgetting * (most - Double(Self.free - 1))) }
            let ofAddress = count(.address(attempt.network))
            Self.makeRoom(for: keys.count, in: &failures, now)
            for key in keys { failures[key] = Failures(count: (failures[key]?.count(now) ?? 0) + 1, since: now) }
            return .goAhead(failures: ofAddress)
        }
    }

    /// The attempt succeeded: what its address failed at this account was a slip.
    func succeeded(_ attempt: LoginAttempt, now: ContinuousClock.Instant = .now) {
        failures.withLock { failures in
            let slips = failures[.both(attempt.network, attempt.name)]?.count(now) ?? 0
            Self.takeBack(slips, of: attempt, in: &failures, now)
        }
    }

    /// The attempt came to nothing: no password was compared.
    func withdrawn(_ attempt: LoginAttempt, now: ContinuousClock.Instant = .now) {
        failures.withLock { Self.takeBack(1, of: attempt, in: &$0, now) }
    }

    /// What counts an attempt. An account does not count what its known addresses fail: their owner would shut the others out.
    private static func keys(of attempt: LoginAttempt) -> [Key] {
        let (network, name) = (attempt.network, attempt.name)
        return [.address(network), .both(network, name)] + (attempt.isFromKnownAddress ? [] : [.name(name)])
    }

    private static func limiting(_ attempt: LoginAttempt) -> [Key] {
        attempt.isFromKnownAddress
            ? [.both(attempt.network, attempt.name)] : [.address(attempt.network), .name(attempt.name)]
    }

    private static func takeBack(
        _ count: Double, of attempt: LoginAttempt, in failures: inout [Key: Failures], _ now: ContinuousClock.Instant
    ) {
        for key in keys(of: attempt) {
            guard let left = failures[key].map({ $0.count(now) - count }) else { continue }
            failures[key] = left > 0 ? Failures(count: left, since: now) : nil
        }
    }

    /// Forgets what is forgiven, and where that is not enough the half with the fewest failures.
    private static func makeRoom(for count: Int, in failures: inout [Key: Failures], _ now: ContinuousClock.Instant) {
        guard failures.count + count > capacity else { return }
        failures = failures.filter { $0.value.count(now) > 0 }
        guard failures.count + count > capacity else { return }
        let counts = failures.values.map { $0.count(now) }.sorted()
        let median = counts[counts.count / 2]
        failures = failures.filter { $0.value.count(now) > median }
    }
}
