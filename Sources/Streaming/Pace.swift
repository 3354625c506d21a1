/// How fast a response delivers sound: as fast as the client takes it until it is well ahead of real time, then a little faster
/// than it plays. So a skipped song costs a minute of mobile data and not its whole length.
///
/// The pause follows each piece and is as long as the piece plays at the paced rate: a client never waits for long and never gets
/// much at once. A slower client is not held back.
public struct Pace: Sendable, Hashable {
    /// Sound a response may be ahead of real time before it is paced.
    public var lead: Duration
    /// Seconds of sound per second from then on, at least 1.
    public var rate: Double

    public init(lead: Duration = .seconds(60), rate: Double = 1.25) {
        self.lead = lead
        self.rate = max(1, rate)
    }

    /// One response under a pace.
    struct Response: Sendable {
        private let pace: Pace
        private let start: ContinuousClock.Instant
        private var sent = Duration.zero
        /// When the piece that is being delivered was allowed to begin.
        private var due: ContinuousClock.Instant

        init(_ pace: Pace, now: ContinuousClock.Instant) {
            self.pace = pace
            start = now
            due = now
        }

        /// The response begins with sound that its listener will play only after `ahead`, because it has the sound before. A
        /// resumed transfer gets no new lead, except for a sixth of it, because a seek inside the sent part looks the same.
        mutating func begin(ahead: Duration) {
            sent = max(.zero, min(ahead, pace.lead - pace.lead / 6))
        }

        /// Notes that a piece was delivered, and returns how long to wait before the next.
        ///
        /// - Parameter media: how long the piece plays.
        mutating func pause(after media: Duration, now: ContinuousClock.Instant) -> Duration {
            sent += media
            guard sent - (now - start) >= pace.lead else {
                due = now
                return .zero
            }
            // The time the client took for the piece shortens the pause; lost time does not come back as a burst.
            due = max(due + media / pace.rate, now)
            return due - now
        }
    }
}
