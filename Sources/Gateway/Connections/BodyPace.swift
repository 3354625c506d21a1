/// Whether a body comes as fast as its ``BodySpeed`` requires: a pure count of bytes and of the time spent waiting for the
/// client.
///
/// Time in which the server did not read, because it was busy with earlier bytes, does not count.
struct BodyPace: Equatable {
    enum Verdict: Equatable {
        case tooSlow
        /// The next verdict is due after this much waiting for the client.
        case again(after: Duration)
    }

    private var speed: BodySpeed
    private var waited = Duration.zero
    private var since: ContinuousClock.Instant?
    /// ``waited`` at the next verdict.
    private var mark: Duration
    private var isInGrace = true
    /// Bytes since the last verdict.
    private var bytes = 0

    init(_ speed: BodySpeed) {
        self.speed = speed
        mark = speed.grace
    }

    /// The route reads another kind of body: its speed applies from the body's start.
    mutating func allow(_ speed: BodySpeed) {
        if isInGrace { mark = speed.grace }
        self.speed = speed
    }

    mutating func wait(_ now: ContinuousClock.Instant) {
        if since == nil { since = now }
    }

    mutating func pause(_ now: ContinuousClock.Instant) {
        waited += since.map { now - $0 } ?? .zero
        since = nil
    }

    mutating func receive(_ count: Int, _ now: ContinuousClock.Instant) {
        pause(now)
        bytes += count
    }

    mutating func verdict(_ now: ContinuousClock.Instant) -> Verdict {
        let total = waited + (since.map { now - $0 } ?? .zero)
        guard total >= mark else { return .again(after: since == nil ? speed.window : mark - total) }
        guard isInGrace || Double(bytes) >= Double(speed.bytesPerSecond) * (speed.window / .seconds(1)) else { return .tooSlow }
        isInGrace = false
        bytes = 0
        mark = total + speed.window
        return .again(after: speed.window)
    }
}
