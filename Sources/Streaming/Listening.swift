import Audio

/// Where each listener is in each track: from which follows when a chunk it asks for will be played.
///
/// A player that asks for media time m0 at instant t0, and gets it at t1, plays m no sooner than t1 + (m - m0). What it asks for
/// next either continues (it lies between what is being played and the end of what was asked for) or is a seek, which starts anew. A Range that resumes
/// and an HLS segment are continuations like any other, and so is the other rung of the same track.
struct Listening: Sendable {
    struct Place: Sendable, Hashable {
        /// When the first of what was asked for is played; not in the past.
        var deadline: ContinuousClock.Instant
        /// Whether playback starts here: a new listener, or a seek.
        var isStart: Bool
        /// Not seen within ``memory``.
        var isNew: Bool
        /// Whether this follows what was asked for last.
        var isSequential: Bool
    }

    private struct Position {
        /// Media time `start` is played at `base`.
        var base: ContinuousClock.Instant
        var start: Duration
        /// The end of what was asked for.
        var end: Duration
        /// Whether the sound that playback starts with has not come yet.
        var isWaiting: Bool
        var presence: Presence
    }

    private struct Presence {
        var seen: ContinuousClock.Instant
        /// When the last of what was asked for is played, or was asked for, whichever is later.
        var until: ContinuousClock.Instant

        func isKnown(_ now: ContinuousClock.Instant) -> Bool { now - until <= Listening.memory }
    }

    /// A listener that asked for nothing for as long, and has nothing left to play, is new when it comes back.
    static let memory = Duration.seconds(60)
    /// A listener that asked for nothing for as long has no other track under way: the next one is the same listener's.
    static let handover = Duration.seconds(5)
    /// How far a continuation may be from where it should be: a chunk, which is what a resumed Range asks for again.
    static let slack = Duration.seconds(3)
    /// A buffer longer than this is not believed.
    private static let longestHint = Duration.seconds(600)

    private var positions: WeightedLRU<Playback, Position>
    private var presences: WeightedLRU<Listener, Presence>

    /// - Parameter capacity: playbacks remembered; those that asked least recently are forgotten first.
    init(capacity: Int = 4096) {
        positions = WeightedLRU(budget: capacity)
        presences = WeightedLRU(budget: capacity)
    }

    var count: Int { positions.count }

    /// Notes that `playback` asks for `media`, a stretch of the track's time, and answers when it needs it.
    ///
    /// - Parameter isHere: whether it has what it asks for at once, as ``begin(_:now:)`` would say.
    mutating func ask(
        _ playback: Playback, media: Range<Duration>, hints: ListenerHints = ListenerHints(), isHere: Bool = false,
        now: ContinuousClock.Instant
    ) -> Place {
        let known = positions.value(forKey: playback).flatMap { $0.presence.isKnown(now) ? $0 : nil }
        var base = now
        var start = media.lowerBound
        var end = media.upperBound
        var place = Place(deadline: now, isStart: true, isNew: false, isSequential: false)
        if let known {
            place.isSequential = abs(media.lowerBound - known.end) <= Self.slack
            let due = known.base + (media.lowerBound - known.start)
            if due >= now - Self.slack, media.lowerBound <= known.end + Self.slack {
                end = max(known.end, media.upperBound)
                place.deadline = max(due, now)
                place.isStart = false
                if due >= now { (base, start) = (known.base, known.start) }
            } else if place.isSequential {
                // It paused, or it stalls: it cannot have played what it has not got.
                place.isStart = false
            }
        } else {
            let presence = presences.value(forKey: playback.listener)
            place.isNew = presence.map { !$0.isKnown(now) || now - $0.seen < Self.handover } ?? true
        }
        if let hint = hints.deadline ?? hints.bufferLength {
            base = now + min(max(hint, .zero), Self.longestHint)
            start = media.lowerBound
            place.deadline = base
        }
        let presence = Presence(seen: now, until: max(now, base + (end - start)))
        let isWaiting = !isHere && (place.isStart || (known?.isWaiting ?? false))
        let position = Position(base: base, start: start, end: end, isWaiting: isWaiting, presence: presence)
        positions.insert(position, forKey: playback, weight: 1)
        presences.insert(presence, forKey: playback.listener, weight: 1)
        return place
    }

    /// The first sound of what was asked for has come: a playback that waited for it starts now.
    mutating func begin(_ playback: Playback, now: ContinuousClock.Instant) {
        guard var position = positions.value(forKey: playback), position.isWaiting else { return }
        position.base = max(position.base, now)
        position.isWaiting = false
        positions.insert(position, forKey: playback, weight: 1)
    }

    /// Forgets a playback that was told to come back, so that it is new again when it does.
    mutating func forget(_ playback: Playback) {
        positions.remove(playback)
        presences.remove(playback.listener)
    }
}

private func abs(_ duration: Duration) -> Duration { duration < .zero ? .zero - duration : duration }
