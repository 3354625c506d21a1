/// How urgent a chunk is for one asker.
struct Demand: Sendable, Hashable {
    /// Each class goes before all of the next.
    enum Urgency: Int, Sendable, Hashable, Comparable {
        /// Somebody waits for the chunk.
        case listening
        /// A reader will come to it.
        case readAhead
        /// Somebody may come to it.
        case warming

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// Who may be told to come back.
    enum Standing: Sendable, Hashable {
        /// Was not listening: nobody hears a gap.
        case new
        /// Has been listening, and makes a new request: a seek, a resumed Range, a segment.
        case known
        /// Is in the middle of an answer.
        case underWay
    }

    /// When the chunk's first sample is played.
    var deadline: ContinuousClock.Instant
    /// Whether playback begins with it, or goes on elsewhere: its lateness is a wait and not a gap.
    var isStart = false
    var urgency = Urgency.listening
    /// Nil for whoever is neither counted nor refused: the command line.
    var playback: Playback?
    var standing = Standing.underWay
    /// Whether the listener has nothing else under way: what it listened to before it has left.
    var isOnly = false
    /// How long the chunk plays.
    var duration: Duration = .seconds(1)

    /// Whether this demand says more than `other` about when the chunk they both want is wanted.
    func precedes(_ other: Demand) -> Bool { (urgency, deadline) < (other.urgency, other.deadline) }
}
