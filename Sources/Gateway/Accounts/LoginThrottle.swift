import Crypto
import Foundation
import Synchronization

/// One attempt to log in.
struct LoginAttempt: Sendable, Hashable {
    enum Name: Sendable, Hashable {
        /// The account the name stands for, whatever its spelling.
        case account(Int64)
        /// The first half of the SHA-256 of a name that no account has.
        case unknown([UInt8])

        init(account: Int64?, name: String) {
            self = account.map { .account($0) } ?? .unknown(Array(SHA256.hash(data: Data(name.lowercased().utf8)).prefix(16)))
        }
    }

    /// ``IPAddress/network``; nil if the peer has none.
    var network: IPAddress?
    var name: Name
    /// Whether the account was logged in to from this network before.
    var isFromKnownAddress = false
}

/// Slows down password guessing: failed logins are counted by address, by account and by both. Each may fail a few times at once
/// and then once in a while.
///
/// Right passwords are throttled too, so a client told to wait learns nothing. An address that logged in to an account
/// before is limited only by its failures at that account, so that other clients cannot keep its owner out. A success clears
/// only that address's failures at that account. `Decisions/Logins.md` has the reasons.
final class LoginThrottle: Sendable {
    enum Verdict: Sendable, Equatable {
        /// - Parameter failures: of the address, including attempts under way.
        case goAhead(failures: Double)
        case wait(Duration)
    }

    /// Failures that are free, and the time until one of them is forgotten.
    static let free = 8
    static let forgetting = Duration.seconds(30)
    /// Each entry needs an admitted attempt, of which there are a few a second: at this number none is dropped within an hour.
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

    /// Counts an attempt as failed in advance, if it may be made.
    ///
    /// - Returns: how long to wait if it may not be made.
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

    /// The attempt succeeded: its address's failures at this account were slips.
    func succeeded(_ attempt: LoginAttempt, now: ContinuousClock.Instant = .now) {
        failures.withLock { failures in
            let slips = failures[.both(attempt.network, attempt.name)]?.count(now) ?? 0
            Self.takeBack(slips, of: attempt, in: &failures, now)
        }
    }

    /// The attempt was abandoned before a password was compared.
    func withdrawn(_ attempt: LoginAttempt, now: ContinuousClock.Instant = .now) {
        failures.withLock { Self.takeBack(1, of: attempt, in: &$0, now) }
    }

    /// The counters of an attempt. An account does not count its known addresses' failures, or its owner would lock out the other
    /// addresses.
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

    /// Drops expired entries, and if that is not enough the half with the fewest failures.
    private static func makeRoom(for count: Int, in failures: inout [Key: Failures], _ now: ContinuousClock.Instant) {
        guard failures.count + count > capacity else { return }
        failures = failures.filter { $0.value.count(now) > 0 }
        guard failures.count + count > capacity else { return }
        let counts = failures.values.map { $0.count(now) }.sorted()
        let median = counts[counts.count / 2]
        failures = failures.filter { $0.value.count(now) > median }
    }
}
