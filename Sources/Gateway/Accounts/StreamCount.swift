import Synchronization

/// The tracks that each account streams: those with a media response under way, or ended at most 30 seconds ago.
final class StreamCount: Sendable {
    /// One response; it counts until it is released, and 30 seconds more.
    final class Use: Sendable {
        private let count: StreamCount
        private let account: Int64
        private let track: String

        fileprivate init(_ count: StreamCount, _ account: Int64, _ track: String) {
            (self.count, self.account, self.track) = (count, account, track)
        }

        deinit { count.end(account, track) }
    }

    private struct Track {
        var underWay = 0
        var last: ContinuousClock.Instant

        func isStreamed(_ now: ContinuousClock.Instant) -> Bool { underWay > 0 || now - last < StreamCount.memory }

        mutating func goOn(_ now: ContinuousClock.Instant) -> Bool {
            guard isStreamed(now) else { return false }
            last = now
            return true
        }
    }

    static let memory = Duration.seconds(30)

    private let accounts = Mutex<[Int64: [String: Track]]>([:])

    /// Counts a response of `track`. Returns nil if the account already streams `limit` others.
    func begin(_ track: String, of account: Int64, limit: Int?, now: ContinuousClock.Instant = .now) -> Use? {
        let isLetIn = accounts.withLock { accounts in
            var tracks = (accounts[account] ?? [:]).filter { $0.value.isStreamed(now) }
            defer { accounts[account] = tracks }
            if tracks[track] == nil, let limit, tracks.count >= limit { return false }
            tracks[track, default: Track(last: now)].underWay += 1
            tracks[track]?.last = now
            return true
        }
        return isLetIn ? Use(self, account, track) : nil
    }

    /// Counts a response, sent at once, of a track that the account already streams. Returns false if the account does not
    /// stream the track; then ``begin`` decides. Two look-ups, no allocation.
    func goOn(_ track: String, of account: Int64, now: ContinuousClock.Instant) -> Bool {
        accounts.withLock { $0[account]?[track]?.goOn(now) ?? false }
    }

    private func end(_ account: Int64, _ track: String) {
        accounts.withLock { accounts in
            accounts[account]?[track]?.underWay -= 1
            accounts[account]?[track]?.last = .now
        }
    }
}
