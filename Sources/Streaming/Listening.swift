import Audio

/// Where each listener is in each track, and from that, when a requested chunk will be played.
///
/// A player that requests media time m0 at instant t0, and gets it at t1, plays m no sooner than t1 + (m - m0). Its next request
/// either continues (it lies between the playing position and the end of the last request) or is a seek, which starts anew. A
/// resumed Range and an HLS segment are continuations like any other, and so is another rung of the same track.
struct Listening: Sendable {
    struct Place: Sendable, Hashable {
        /// When the first of the requested media is played; not in the past.
        var deadline: ContinuousClock.Instant
        /// Whether playback starts here: a new listener, or a seek.
        var isStart: Bool
        /// Whether the listener counts as new. A listener seen within ``memory`` does not: in the track it was in, or in
        /// another one after a silence of ``handover``.
        var isNew: Bool
        /// Whether this follows the last request.
        var isSequential: Bool
    }

    private struct Position {
        /// Media time `start` is played at `base`.
        var base: ContinuousClock.Instant
        var start: Duration
        /// The end of the requested media.
        var end: Duration
        /// Whether the sound that playback starts with has not arrived yet.
        var isWaiting: Bool
        var presence: Presence
    }

    private struct Presence {
        var seen: ContinuousClock.Instant
        /// When the last of the requested media is played, or was requested, whichever is later.
        var until: ContinuousClock.Instant

        func isKnown(_ now: ContinuousClock.Instant) -> Bool { now - until <= Listening.memory }
    }

    /// A listener without requests for this long, and with nothing left to play, is new when it comes back.
    static let memory = Duration.seconds(60)
    /// A listener without requests for this long has no other track under way, so its next track does not make it a new
    /// listener.
    static let handover = Duration.seconds(5)
    /// How far a continuation may deviate from its expected position: a chunk, which a resumed Range requests again.
    static let slack = Duration.seconds(3)
    /// Longer buffers are not believed.
    private static let longestHint = Duration.seconds(600)

    private var positions: WeightedLRU<Playback, Position>
    private var presences: WeightedLRU<Listener, Presence>

    /// - Parameter capacity: playbacks remembered; those with the oldest requests are forgotten first.
    init(capacity: Int = 4096) {
        positions = WeightedLRU(budget: capacity)
        presences = WeightedLRU(budget: capacity)
    }

    var count: Int { positions.count }

    /// Notes that `playback` requests `media`, a range of the track's time, and returns when that is played.
    ///
    /// - Parameter isHere: whether the requested media is there at once, so that ``begin(_:now:)`` need not be called.
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
                // It paused, or it stalls: it cannot have played sound that has not arrived.
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

    /// The first requested sound has arrived: a playback that waited for it starts now.
    mutating func begin(_ playback: Playback, now: ContinuousClock.Instant) {
        guard var position = positions.value(forKey: playback), position.isWaiting else { return }
        position.base = max(position.base, now)
        position.isWaiting = false
        positions.insert(position, forKey: playback, weight: 1)
    }

    /// Forgets a refused playback, so that it is new again when it comes back.
    mutating func forget(_ playback: Playback) {
        positions.remove(playback)
        presences.remove(playback.listener)
    }
}

private func abs(_ duration: Duration) -> Duration { duration < .zero ? .zero - duration : duration }
