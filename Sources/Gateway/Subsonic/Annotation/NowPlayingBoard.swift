import Synchronization

/// What the players of each account play now, as they report it. It is in memory: after a restart, players report anew.
final class NowPlayingBoard: Sendable {
    enum State: String, Sendable {
        case starting, playing, paused, stopped
    }

    enum Counted: Sendable {
        case byPositions, bySubmission
    }

    struct Entry: Sendable {
        var track: String
        /// Seconds.
        var duration: Double
        /// The player, as it names itself.
        var client: String
        /// Milliseconds since 1970.
        var started: Int
        var state = State.playing
        /// Milliseconds of the track, when it was last reported.
        var position = 0
        var rate = 1.0
        /// Milliseconds since 1970 of the last report.
        var reported: Int
        /// By what it counts as a play already.
        var counted: Counted?
        /// Milliseconds of sound that were heard, as far as reports of positions tell.
        var heard = 0

        /// Where it is by now, in milliseconds of the track.
        func position(at now: Int) -> Int {
            guard state == .playing else { return position }
            let moved = Double(position) + Double(max(0, now - reported)) * rate
            return Int(clamping: min(moved, duration * 1000))
        }

        /// Takes a report of a position, in milliseconds of the track. What lies between it and the last is heard if there was
        /// time for it: a seek is not.
        mutating func report(_ place: Int, at now: Int) {
            let moved = place - position
            let most = Double(max(0, now - reported)) * rate + NowPlayingBoard.imprecision
            if state == .playing, moved > 0, Double(moved) <= most { heard += moved }
            (position, reported) = (place, now)
        }

        /// Whether it says nothing about now any more.
        func isOver(at now: Int) -> Bool {
            let quiet = now - reported
            guard state == .playing, rate > 0 else { return state == .stopped || quiet > NowPlayingBoard.longestPause }
            return Double(quiet) > (duration * 1000 - Double(position)) / rate + NowPlayingBoard.slack
        }
    }

    /// Milliseconds for which a paused player is shown.
    private static let longestPause = 30 * 60 * 1000
    /// Milliseconds for which a track is shown after its end.
    private static let slack = 60_000.0
    /// Milliseconds by which the times of two reports may be off together.
    private static let imprecision = 2000.0
    private static let mostPlayers = 16
    private static let mostAccounts = 10_000

    private let players = Mutex<[Int64: [String: Entry]]>([:])

    /// What is played now, the last report first.
    func entries(of account: Int64, now: Int) -> [Entry] {
        players.withLock { players in
            (players[account] ?? [:]).values.filter { !$0.isOver(at: now) }.sorted { $0.reported > $1.reported }
        }
    }

    /// Changes the entry of a player, which is nil if it has none of this track.
    ///
    /// - Returns: what `change` returns.
    func update<Result: Sendable>(
        _ client: String, of account: Int64, track: String, now: Int, _ change: (inout Entry?) -> Result
    ) -> Result {
        players.withLock { players in
            if players.count >= Self.mostAccounts, players[account] == nil { players.removeAll() }
            var own = (players[account] ?? [:]).filter { !$0.value.isOver(at: now) || $0.key == client }
            var entry = own[client].flatMap { $0.track == track ? $0 : nil }
            let result = change(&entry)
            if let entry { own[client] = entry }
            if own.count > Self.mostPlayers, let oldest = own.min(by: { $0.value.reported < $1.value.reported }) {
                own[oldest.key] = nil
            }
            players[account] = own.isEmpty ? nil : own
            return result
        }
    }
}
