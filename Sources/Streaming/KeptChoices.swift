import Audio
import Synchronization

/// The rungs chosen for listeners, kept for six hours, so that a transfer that is resumed goes on in the rung it began in.
///
/// In memory: an edge that restarts chooses again, and the entity tag tells a client that resumes.
public final class KeptChoices<Listener: Hashable & Sendable>: Sendable {
    private struct Choice {
        let rendition: Rendition
        let time: ContinuousClock.Instant
    }

    private static var lifetime: Duration { .seconds(6 * 3600) }

    private let choices: Mutex<WeightedLRU<Listener, Choice>>

    /// - Parameter capacity: choices kept at most; the least recently used go first.
    public init(capacity: Int) {
        choices = Mutex(WeightedLRU(budget: capacity))
    }

    /// The choice that stands for `listener`, or the one `decide` makes now, which then stands; nil where it makes none.
    public func decision(
        for listener: Listener, now: ContinuousClock.Instant = .now, _ decide: () -> PlaybackDecision?
    ) -> PlaybackDecision? {
        choices.withLock { choices in
            if let choice = choices.value(forKey: listener), now < choice.time + Self.lifetime {
                return PlaybackDecision(kept: choice.rendition)
            }
            guard let decision = decide() else { return nil }
            choices.insert(Choice(rendition: decision.rendition, time: now), forKey: listener, weight: 1)
            return decision
        }
    }
}
