/// How much of the workers the current listeners need, which decides whether another is admitted.
///
/// A listener's rate is worker seconds per second of sound, averaged over its recently requested chunks. Chunks that were cached,
/// or that are rendered for others, cost nothing. The rate does not depend on the player's buffer.
struct ListeningLoad: Sendable {
    private struct Entry {
        var rate: Double
        /// When the listener counts as gone, unless it requests more.
        var until: ContinuousClock.Instant
        /// Chunks rendered ahead for this listener and not requested yet: when it requests them, they count as rendered.
        var ahead = 0
    }

    /// A listener that requests nothing for this long after it has played the requested sound has left or paused.
    static let silence = Duration.seconds(3)
    /// Buffered sound beyond this does not count: after a skip the buffer is not played.
    static let longestBuffer = Duration.seconds(17)
    /// The rate assumed before the first render: 40 ms for 2.56 s.
    static let firstGuess = 0.016
    /// The share of all workers' time that listeners may fill: the rest is for bursts, and for accounts with few listeners.
    static let fullness = 0.8
    /// The share that all listeners may fill if the newcomer's account has less than its fair share, or less than half if it is
    /// alone.
    static let fullnessForFew = 0.92
    /// The share that listeners may fill on a server with one account.
    static let fullnessOfOne = 0.95

    /// Chunks rendered at once at full speed.
    let workers: Int
    /// The share that listeners may fill.
    private let fullness: Double
    private var playbacks: [Playback: Entry] = [:]
    private var lastExpiry: ContinuousClock.Instant?
    /// Renders that have been averaged, up to 16; the first guess counts as three.
    private var renders = 3
    /// The average rate of the latest renders.
    private(set) var typicalRate = Self.firstGuess

    /// - Parameter isShared: whether there can be listeners of more than one account.
    init(workers: Int, isShared: Bool = true) {
        self.workers = workers
        fullness = isShared ? Self.fullness : Self.fullnessOfOne
    }

    var count: Int { playbacks.count }

    /// Workers kept busy by the current listeners.
    var total: Double { playbacks.values.reduce(0) { $0 + $1.rate } }

    /// Whether the current listeners need more than `share` of the workers.
    mutating func isAbove(_ share: Double, now: ContinuousClock.Instant) -> Bool {
        expire(now: now)
        return total > Double(workers) * share
    }

    /// Whether there is room for another listener, whose every chunk may have to be rendered.
    mutating func hasRoom(for account: String, now: ContinuousClock.Instant) -> Bool {
        expire(now: now)
        // A worker can serve one listener whatever was measured; otherwise nothing would be measured again.
        if playbacks.count < workers { return true }
        let capacity = Double(workers)
        let wanted = total + typicalRate
        if wanted <= capacity * fullness { return true }
        guard wanted <= capacity * Self.fullnessForFew else { return false }
        var loads = [account: typicalRate]
        for (playback, entry) in playbacks { loads[playback.listener.account, default: 0] += entry.rate }
        return loads[account, default: 0] <= capacity / Double(max(2, loads.count))
    }

    /// The listener's chunk has to be rendered. Its cost is known afterwards: ``rendered(for:rate:)``.
    ///
    /// - Parameter played: when the chunk will have been played.
    mutating func asked(_ playback: Playback, ahead: Bool, played: ContinuousClock.Instant, now: ContinuousClock.Instant) {
        var entry = playbacks[playback] ?? Entry(rate: typicalRate, until: now)
        entry.until = max(entry.until, Self.end(played, now))
        if ahead { entry.ahead += 1 }
        playbacks[playback] = entry
    }

    /// The listener's next `count` chunks were cached, or are being rendered already.
    ///
    /// - Parameter played: when the last of them will have been played.
    mutating func found(_ playback: Playback, count: Int = 1, played: ContinuousClock.Instant, now: ContinuousClock.Instant) {
        var entry = playbacks[playback] ?? Entry(rate: 0, until: now)
        entry.until = max(entry.until, Self.end(played, now))
        for _ in 0..<count {
            if entry.ahead > 0 { entry.ahead -= 1 } else { entry.rate *= 0.75 }
        }
        playbacks[playback] = entry
    }

    private static func end(_ played: ContinuousClock.Instant, _ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        min(played, now + longestBuffer) + silence
    }

    /// The listener has turned to `playback` and left its previous tracks.
    mutating func turned(to playback: Playback) {
        playbacks = playbacks.filter { $0.key == playback || $0.key.listener != playback.listener }
    }

    /// - Parameter rate: worker seconds per second of sound.
    mutating func rendered(for playback: Playback, rate: Double) {
        // A worker that hung, or a machine that slept, says nothing about the next chunk.
        let rate = min(rate, 2 * max(typicalRate, Self.firstGuess))
        renders = min(renders + 1, 16)
        typicalRate += (rate - typicalRate) / Double(renders)
        guard var entry = playbacks[playback] else { return }
        entry.rate += (rate - entry.rate) / 4
        playbacks[playback] = entry
    }

    /// Forgets silent listeners, at most once a second, because it visits all of them.
    private mutating func expire(now: ContinuousClock.Instant) {
        if let lastExpiry, now - lastExpiry < .seconds(1) { return }
        lastExpiry = now
        playbacks = playbacks.filter { now < $0.value.until }
    }
}
