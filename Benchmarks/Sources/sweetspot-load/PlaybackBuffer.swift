/// What a player hears of a song: a pure model, told the time.
///
/// Times are seconds of one clock; media positions are seconds of the song.
struct PlaybackBuffer: Sendable {
    /// Sound that must be there before playing begins, and before it goes on after a stall.
    private static let start = 0.5
    private static let resume = 1.0

    let duration: Double
    private(set) var position: Double
    private(set) var received: Double
    private(set) var hasStarted = false
    private(set) var isStalled = false
    private var newStalls = 0
    /// Seconds without sound after playing began.
    private(set) var stalled = 0.0
    /// Seconds of sound.
    private(set) var played = 0.0
    private var pausedUntil: Double = 0
    private var last: Double

    init(duration: Double, position: Double, now: Double) {
        (self.duration, self.position, received, last) = (duration, position, position, now)
    }

    /// Seconds of sound ahead of what is being heard.
    var ahead: Double { received - position }
    var isOver: Bool { position >= duration - 0.05 }

    mutating func advance(to now: Double) {
        defer { last = max(last, now) }
        guard hasStarted, now > last else { return }
        let start = max(last, min(now, pausedUntil))
        let passed = now - start
        if isStalled {
            stalled += passed
            return
        }
        let heard = min(passed, ahead)
        position += heard
        played += heard
        guard passed > heard, !isOver else { return }
        isStalled = true
        newStalls += 1
        stalled += passed - heard
    }

    /// Notes that sound up to `end` is there.
    mutating func receive(upTo end: Double, now: Double) {
        advance(to: now)
        received = min(duration, max(received, end))
        let isAll = received >= duration - 0.05
        if !hasStarted, ahead >= Self.start || isAll { hasStarted = true }
        if isStalled, ahead >= Self.resume || isAll { isStalled = false }
    }

    /// Stalls since this was asked last.
    mutating func takeStalls() -> Int {
        defer { newStalls = 0 }
        return newStalls
    }

    mutating func pause(for seconds: Double, now: Double) {
        advance(to: now)
        pausedUntil = now + seconds
    }
}
