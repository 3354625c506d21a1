import Synchronization

/// The tracks that each account streams: those with a media response under way, or ended at most 30 seconds ago.
///
/// A player that says who it is plays one track after the other: a track it begins takes the place of the one that it left the
/// longest ago, so that skipping through an album, or copying it, is one listener and not many.
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
        /// The player that asked last; nil if it did not say.
        var player: String?

        func isStreamed(_ now: ContinuousClock.Instant) -> Bool { underWay > 0 || now - last < StreamCount.memory }

        mutating func goOn(_ now: ContinuousClock.Instant) -> Bool {
            guard isStreamed(now) else { return false }
            last = now
            return true
        }
    }

    static let memory = Duration.seconds(30)

    private let accounts = Mutex<[Int64: [String: Track]]>([:])

    /// Counts a response of `track`. Returns nil if the account already streams `limit` others, none of which `player` has
    /// left.
    func begin(
        _ track: String, of account: Int64, by player: String? = nil, limit: Int?, now: ContinuousClock.Instant = .now
    ) -> Use? {
        let isLetIn = accounts.withLock { accounts in
            var tracks = (accounts[account] ?? [:]).filter { $0.value.isStreamed(now) }
            defer { accounts[account] = tracks }
            if tracks[track] == nil, let limit, tracks.count >= limit {
                let left = tracks.filter { $0.value.underWay == 0 && $0.value.player == player }
                guard player != nil, let oldest = left.min(by: { $0.value.last < $1.value.last }) else { return false }
                tracks[oldest.key] = nil
            }
            tracks[track, default: Track(last: now)].underWay += 1
            tracks[track]?.last = now
            tracks[track]?.player = player
            return true
        }
        return isLetIn ? Use(self, account, track) : nil
    }

    /// Counts a response, sent at once, of a track that the account already streams. Returns false if the account does not
    /// stream the track; then ``begin`` decides. Two look-ups, no allocation.
    func goOn(_ track: String, of account: Int64, now: ContinuousClock.Instant) -> Bool {
        accounts.withLock { $0[account]?[track]?.goOn(now) ?? false }
    }

    /// Whether the account streams anything.
    func isStreaming(_ account: Int64) -> Bool {
        accounts.withLock { $0[account]?.values.contains { $0.isStreamed(.now) } ?? false }
    }

    private func end(_ account: Int64, _ track: String) {
        accounts.withLock { accounts in
            accounts[account]?[track]?.underWay -= 1
            accounts[account]?[track]?.last = .now
        }
    }
}
