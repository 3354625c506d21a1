import DequeModule
import Synchronization

/// The engine's listeners: where each one is in its track, which of them are being answered, which chunks are made ready for
/// them, and how far the engine renders ahead of them.
///
/// Only an audience holds that state, and it knows no chunk store: a ``RenditionChunks`` gets a listener's demand from the
/// audience, and passes it to the store.
final class Audience: Sendable {
    /// Places held for chunks that no listener has requested yet.
    static let warmPlaces = 64

    /// Chunks to render ahead of a reader.
    let readAhead: Int
    /// How fast paced readings deliver sound.
    let pace: Pace
    private let listening = Mutex(Listening())
    private let readings = ReadingsUnderWay()
    private let warm = Mutex<Deque<ChunkLease>>([])

    init(readAhead: Int, pace: Pace) {
        self.readAhead = readAhead
        self.pace = pace
    }

    /// Notes that `playback` requests `media`, a range of the track's time. Returns its demand for the first chunk, and
    /// whether the request continues its last one.
    ///
    /// - Parameters:
    ///   - duration: how long a chunk plays.
    ///   - isHere: whether the listener gets the media at once.
    func ask(
        _ playback: Playback, media: Range<Duration>, duration: Duration, hints: ListenerHints, isHere: Bool
    ) -> (demand: Demand, isSequential: Bool) {
        let place = listening.withLock { $0.ask(playback, media: media, hints: hints, isHere: isHere, now: .now) }
        let demand = Demand(
            deadline: place.deadline, isStart: place.isStart, playback: playback, standing: place.isNew ? .new : .known,
            isOnly: place.isNew && readings.count(of: playback.listener) <= 1, duration: duration)
        return (demand, place.isSequential)
    }

    /// Notes that the first sound that `playback` waits for has arrived.
    func begin(_ playback: Playback) {
        listening.withLock { $0.begin(playback, now: .now) }
    }

    /// Forgets a refused playback, so that it is new again when it comes back.
    func forget(_ playback: Playback) {
        listening.withLock { $0.forget(playback) }
    }

    /// Notes that an answer to `listener` begins. It ends when the returned value is released.
    func underWay(_ listener: Listener) -> ReadingsUnderWay.Reading { readings.begin(listener) }

    /// Holds the place of a chunk that no listener waits for, until ``warmPlaces`` later ones have come.
    func keepWarm(_ place: ChunkLease) {
        let oldest = warm.withLock { places in
            places.append(place)
            return places.count > Self.warmPlaces ? places.popFirst() : nil
        }
        // Released outside the lock: a lease that ends takes the store's lock, which is never taken under another.
        _ = consume oldest
    }
}
