internal import Glibc

/// Each account's recent share of the workers, which decides between accounts when there is not enough for all.
///
/// A second of render time counts half after ``halfLife``, so an account pays for its present use and not for last night's.
struct FairShare: Sendable {
    private struct Served {
        var seconds: Double
        var at: ContinuousClock.Instant
    }

    static let halfLife = Duration.seconds(10)
    /// Accounts with less than this many seconds are forgotten when there are many.
    private static let trace = 0.001
    private static let limit = 1024

    private var accounts: [String: Served] = [:]

    /// Recent render time, in seconds.
    func seconds(of account: String, now: ContinuousClock.Instant) -> Double {
        guard let served = accounts[account] else { return 0 }
        return served.seconds * exp2((served.at - now) / Self.halfLife)
    }

    mutating func charge(_ account: String, _ seconds: Double, now: ContinuousClock.Instant) {
        accounts[account] = Served(seconds: self.seconds(of: account, now: now) + seconds, at: now)
        guard accounts.count > Self.limit else { return }
        accounts = accounts.filter { self.seconds(of: $0.key, now: now) > Self.trace }
    }
}
