/// How urgent a chunk is for one request.
struct Demand: Sendable, Hashable {
    /// Each class goes before all of the next.
    enum Urgency: Int, Sendable, Hashable, Comparable {
        /// A listener waits for the chunk.
        case listening
        /// A reader will reach the chunk.
        case readAhead
        /// A listener may want the chunk.
        case warming

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// How far the request may be refused.
    enum Standing: Sendable, Hashable {
        /// From a new listener: being refused, it hears no gap.
        case new
        /// From a current listener, in a new request: a seek, a resumed Range, a segment.
        case known
        /// In the middle of an answer.
        case underWay
    }

    /// When the chunk's first sample is played.
    var deadline: ContinuousClock.Instant
    /// Whether playback starts with the chunk, or jumps to it: its lateness is a wait and not a gap.
    var isStart = false
    var urgency = Urgency.listening
    /// Nil for readers that are neither counted nor refused: the command line.
    var playback: Playback?
    var standing = Standing.underWay
    /// Whether the listener has no other answer under way: then it has left its previous track.
    var isOnly = false
    /// How long the chunk plays.
    var duration: Duration = .seconds(1)

    /// Whether this demand is the more urgent of the two.
    func precedes(_ other: Demand) -> Bool { (urgency, deadline) < (other.urgency, other.deadline) }
}
