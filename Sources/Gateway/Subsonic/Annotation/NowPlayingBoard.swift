import Synchronization

/// What the players of each account play now and played last, as they report it. It is in memory: after a restart, players report
/// anew.
///
/// Reports of two plays may be mixed: the end of one comes after the beginning of the next, and two devices may have one name.
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
            if isUnderWay, moved > 0, Double(moved) <= most { heard += moved }
            (position, reported) = (place, now)
        }

        private var isUnderWay: Bool { state == .starting || state == .playing }

        /// Whether it says nothing about now any more.
        func isOver(at now: Int) -> Bool {
            let quiet = now - reported
            guard isUnderWay, rate > 0 else { return state == .stopped || quiet > NowPlayingBoard.longestPause }
            return Double(quiet) > (duration * 1000 - Double(position)) / rate + NowPlayingBoard.slack
        }

        /// Whether a player that is at `place` of the track goes on with this play; if not, it has begun another.
        func goesOn(at place: Int, now: Int) -> Bool {
            // Beginnings that are less than three quarters of the track apart are one.
            if Double(abs(now - place - started)) < duration * 750 / max(1, rate) { return true }
            // It was left, and is taken up again: time passed in a pause, and a seek goes back a little.
            let longest = counted == nil ? NowPlayingBoard.longestPause : NowPlayingBoard.memory
            return place > position / 2 && now - reported < longest
        }

        /// Whether a play that is said to be of `time` may be this one: some players name its beginning, and some its end.
        func isOf(_ time: Int) -> Bool {
            let end = Double(reported) + duration * 1000 + NowPlayingBoard.slack
            return Double(time) >= Double(started) - NowPlayingBoard.slack && Double(time) <= end
        }
    }

    /// Milliseconds for which a paused player is shown.
    private static let longestPause = 30 * 60 * 1000
    /// Milliseconds for which a track is shown after its end.
    private static let slack = 60_000.0
    /// Milliseconds by which the times of two reports may be off together.
    private static let imprecision = 2000.0
    /// Milliseconds for which a player's plays are remembered.
    private static let memory = 12 * 60 * 60 * 1000
    /// Plays of one player that are remembered.
    private static let mostPlays = 8
    private static let mostPlayers = 16
    private static let mostAccounts = 10_000

    /// The plays of each account's players, by the players' names. The last is shown.
    private let players = Mutex<[Int64: [String: [Entry]]]>([:])

    /// What is played now, the last report first.
    func entries(of account: Int64, now: Int) -> [Entry] {
        players.withLock { players in
            (players[account] ?? [:]).values.compactMap(\.last).filter { !$0.isOver(at: now) }.sorted {
                $0.reported > $1.reported
            }
        }
    }

    /// Changes the entry of the play that a player reports, which is nil if it begins with the report.
    ///
    /// - Parameters:
    ///   - place: milliseconds of the track at which the player is.
    ///   - isStart: whether the player says that it begins. A play that counts already may be said to begin again in its middle.
    /// - Returns: what `change` returns.
    func update<Result: Sendable>(
        _ client: String, of account: Int64, track: String, at place: Int, isStart: Bool = false, now: Int,
        _ change: (inout Entry?) -> Result
    ) -> Result {
        changing(client, of: account, now: now) { plays in
            // What ends does not take the place of what began before its end.
            var (entry, end): (Entry?, Int) = (nil, Self.end(of: plays))
            if let known = plays.lastIndex(where: { $0.track == track }) {
                if isStart, plays[known].counted == nil {
                    plays.remove(at: known)
                } else if plays[known].goesOn(at: place, now: now) {
                    (entry, end) = (plays.remove(at: known), known)
                }
            }
            let result = change(&entry)
            if let entry { plays.insert(entry, at: entry.state == .stopped ? end : plays.count) }
            return result
        }
    }

    /// Notes that a player submits a play.
    ///
    /// - Parameters:
    ///   - duration: seconds of the track.
    ///   - time: milliseconds since 1970; nil if the player does not say. With a time the same play may be submitted again.
    /// - Returns: whether it counts already, by the positions that were reported.
    func submit(_ client: String, of account: Int64, track: String, duration: Double, at time: Int?, now: Int) -> Bool {
        changing(client, of: account, now: now) { plays in
            if let known = plays.lastIndex(where: { $0.track == track && $0.isOf(time ?? now) }) {
                let isCounted = plays[known].counted == .byPositions
                if !isCounted || time == nil { plays[known].counted = .bySubmission }
                return isCounted
            }
            // Its positions may follow.
            var entry = Entry(track: track, duration: duration, client: client, started: time ?? now, reported: now)
            (entry.state, entry.counted) = (.stopped, .bySubmission)
            if abs(Double(now - entry.started)) < duration * 1000 + Self.slack {
                plays.insert(entry, at: Self.end(of: plays))
            }
            return false
        }
    }

    /// Where a play that is over is put: not behind one that is shown.
    private static func end(of plays: [Entry]) -> Int {
        plays.last.map { $0.state != .stopped } ?? false ? plays.count - 1 : plays.count
    }

    private func changing<Result: Sendable>(
        _ client: String, of account: Int64, now: Int, _ change: (inout [Entry]) -> Result
    ) -> Result {
        players.withLock { players in
            if players.count >= Self.mostAccounts, players[account] == nil { players.removeAll() }
            var own = (players[account] ?? [:]).filter { now - ($0.value.last?.reported ?? 0) < Self.memory }
            var plays = own[client] ?? []
            let result = change(&plays)
            own[client] = plays.isEmpty ? nil : Array(plays.suffix(Self.mostPlays))
            if own.count > Self.mostPlayers,
                let oldest = own.min(by: { $0.value.last?.reported ?? 0 < $1.value.last?.reported ?? 0 })
            {
                own[oldest.key] = nil
            }
            players[account] = own.isEmpty ? nil : own
            return result
        }
    }
}
