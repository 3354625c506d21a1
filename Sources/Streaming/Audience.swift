import DequeModule
import Synchronization

/// The engine's listeners: where each one is in its track, which of them are being answered, and the chunks that are made ready for
/// them; and how far the engine goes ahead of them.
///
/// The only holder of that state. It knows no chunk store: a ``RenditionChunks`` asks it what a listener demands, and the store for that.
final class Audience: Sendable {
    /// Places held for chunks that no listener has asked for yet.
    static let warmPlaces = 64

    /// Chunks to render ahead of a reader.
    let readAhead: Int
    /// How fast paced readings go.
    let pace: Pace
    private let listening = Mutex(Listening())
    private let readings = ReadingsUnderWay()
    private let warm = Mutex<Deque<ChunkLease>>([])

    init(readAhead: Int, pace: Pace) {
        self.readAhead = readAhead
        self.pace = pace
    }

    /// Notes that `playback` asks for `media`, a stretch of the track's time, and gives what it demands of the first chunk, and whether
    /// it goes on from what it asked for last.
    ///
    /// - Parameters:
    ///   - duration: how long a chunk plays.
    ///   - isHere: whether the listener has what it asks for at once.
    func ask(
        _ playback: Playback, media: Range<Duration>, duration: Duration, hints: ListenerHints, isHere: Bool
    ) -> (demand: Demand, isSequential: Bool) {
        let place = listening.withLock { $0.ask(playback, media: media, hints: hints, isHere: isHere, now: .now) }
        let demand = Demand(
            deadline: place.deadline, isStart: place.isStart, playback: playback, standing: place.isNew ? .new : .known,
            isOnly: place.isNew && readings.count(of: playback.listener) <= 1, duration: duration)
        return (demand, place.isSequential)
    }

    /// The first sound that `playback` waits for has come.
    func begin(_ playback: Playback) {
        listening.withLock { $0.begin(playback, now: .now) }
    }

    /// Forgets a playback that was told to come back: it is new again when it does.
    func forget(_ playback: Playback) {
        listening.withLock { $0.forget(playback) }
    }

    /// An answer to `listener` begins, and lasts until what this gives is let go.
    func underWay(_ listener: Listener) -> ReadingsUnderWay.Reading { readings.begin(listener) }

    /// Holds the place of a chunk that no listener waits for, until ``warmPlaces`` others came after it.
    func keepWarm(_ place: ChunkLease) {
        let oldest = warm.withLock { places in
            places.append(place)
            return places.count > Self.warmPlaces ? places.popFirst() : nil
        }
        // Let go here: a lease leaves the queue, whose lock is not taken under another.
        _ = consume oldest
    }
}
