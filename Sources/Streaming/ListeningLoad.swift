/// How much of the workers those who listen need to go on listening: what decides whether one more is let in.
///
/// A listener's rate is worker seconds per second of sound, averaged over the chunks it lately asked for; chunks that were there
/// already, or that others pay for, cost nothing. How far a player has filled its buffer does not matter to it.
struct ListeningLoad: Sendable {
    private struct Entry {
        var rate: Double
        /// When it has left, if it asks for nothing more.
        var until: ContinuousClock.Instant
        /// Chunks rendered ahead for this listener that it has not yet asked for: when it does, they were not free.
        var ahead = 0
    }

    /// A listener that asks for nothing for as long after it has played what it asked for has left or has paused.
    static let silence = Duration.seconds(3)
    /// Sound that it holds beyond that does not count: a song that is skipped leaves its buffer unplayed.
    static let longestBuffer = Duration.seconds(17)
    /// What is assumed before the first render: 40 ms for 2.56 s.
    static let firstGuess = 0.016
    /// Of all workers' time, what listeners of one account may fill together: the rest is for bursts, and for other accounts.
    static let fullness = 0.8
    /// ... and what all may fill, for the listeners of an account that has not its fair share yet, or half where it is alone.
    static let fullnessForFew = 0.92
    /// Of all workers' time, what one account may fill that has nobody beside it.
    static let fullnessOfOne = 0.95

    /// Chunks rendered at once at full speed.
    let workers: Int
    /// What the listeners of one account may fill.
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

    /// Workers kept busy by those who listen now.
    var total: Double { playbacks.values.reduce(0) { $0 + $1.rate } }

    /// Whether those who listen now need more than `share` of the workers.
    mutating func isAbove(_ share: Double, now: ContinuousClock.Instant) -> Bool {
        expire(now: now)
        return total > Double(workers) * share
    }

    /// Whether there is room for one listener more, whose every chunk may have to be rendered.
    mutating func hasRoom(for account: String, now: ContinuousClock.Instant) -> Bool {
        expire(now: now)
        // Whatever was measured, a worker can serve one: or nothing would ever be measured again.
        if playbacks.count < workers { return true }
        let capacity = Double(workers)
        let wanted = total + typicalRate
        if wanted <= capacity * fullness { return true }
        guard wanted <= capacity * Self.fullnessForFew else { return false }
        var loads = [account: typicalRate]
        for (playback, entry) in playbacks { loads[playback.listener.account, default: 0] += entry.rate }
        return loads[account, default: 0] <= capacity / Double(max(2, loads.count))
    }

    /// The listener's chunk has to be rendered. What that costs is known when it is: ``rendered(for:rate:)``.
    ///
    /// - Parameter played: when the chunk will have been played.
    mutating func asked(_ playback: Playback, ahead: Bool, played: ContinuousClock.Instant, now: ContinuousClock.Instant) {
        var entry = playbacks[playback] ?? Entry(rate: typicalRate, until: now)
        entry.until = max(entry.until, Self.end(played, now))
        if ahead { entry.ahead += 1 }
        playbacks[playback] = entry
    }

    /// The listener's next `count` chunks were in a cache, or are being rendered already.
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

    /// The listener has turned to `playback` and left whatever it listened to before.
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

    /// Forgets who fell silent, at most once a second: it looks at everybody.
    private mutating func expire(now: ContinuousClock.Instant) {
        if let lastExpiry, now - lastExpiry < .seconds(1) { return }
        lastExpiry = now
        playbacks = playbacks.filter { now < $0.value.until }
    }
}
