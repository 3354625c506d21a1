import Audio
import Synchronization

/// The rungs chosen for listeners, kept for six hours, so that a resumed transfer continues in its rung.
///
/// In memory: an edge that restarts chooses again, and the entity tag shows a resuming client the change.
public final class KeptChoices<Listener: Hashable & Sendable>: Sendable {
    private struct Choice {
        let rendition: Rendition
        let time: ContinuousClock.Instant
    }

    private static var lifetime: Duration { .seconds(6 * 3600) }

    private let choices: Mutex<WeightedLRU<Listener, Choice>>

    /// - Parameter capacity: choices kept at most; the least recently used are dropped first.
    public init(capacity: Int) {
        choices = Mutex(WeightedLRU(budget: capacity))
    }

    /// The kept choice for `listener`, or the one that `decide` makes now, which is then kept. Returns nil if `decide` does.
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
