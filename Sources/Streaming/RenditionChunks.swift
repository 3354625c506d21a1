import Audio
import NIOCore
import Packaging

/// The chunks of one rendition of one track: what its Stream and its segments are both made of.
struct RenditionChunks: Sendable {
    let map: TrackMap
    let grid: FrameGrid
    /// The entity tag of the rendition, without quotes.
    let entityTag: String
    private let original: OriginalHash
    private let fingerprint: RenderFingerprint
    private let engine: StreamEngine

    init(original: OriginalHash, map: TrackMap, grid: FrameGrid, fingerprint: RenderFingerprint, engine: StreamEngine) {
        self.original = original
        self.map = map
        self.grid = grid
        self.fingerprint = fingerprint
        self.engine = engine
        entityTag = EntityTag.stream(original: original, rendition: grid.rendition, fingerprint: fingerprint)
    }

    /// Chunks to render ahead of a reader.
    var readAhead: Int { engine.readAhead }

    /// How fast paced readings go.
    var pace: Pace { engine.pace }

    /// What a listener that asks for a chunk now demands. Notes its position.
    ///
    /// - Parameters:
    ///   - count: chunks asked for together, of which this is the first.
    ///   - areHere: whether the listener has them at once.
    func demand(
        forChunk chunk: Int, count: Int = 1, areHere: Bool = false, of listener: Listener?, hints: ListenerHints = ListenerHints()
    ) -> (demand: Demand, isSequential: Bool) {
        let duration = grid.chunkDuration
        guard let playback = listener.map(playback) else { return (Demand(deadline: .now, duration: duration), false) }
        let media = duration * chunk..<duration * (chunk + max(1, count))
        let place = engine.ask(playback, media: media, hints: hints, isHere: areHere)
        let demand = Demand(
            deadline: place.deadline, isStart: place.isStart, playback: playback, standing: place.isNew ? .new : .known,
            isOnly: place.isNew && engine.readings.count(of: playback.listener) <= 1, duration: duration)
        return (demand, place.isSequential)
    }

    /// An answer to `listener` begins, and lasts until what this gives is let go.
    func underWay(_ listener: Listener?) -> ReadingsUnderWay.Reading? { listener.map(engine.readings.begin) }

    /// The listener has the first bytes of what it asked for.
    func begin(_ listener: Listener?) {
        if let listener { engine.begin(playback(of: listener)) }
    }

    /// - Throws: ``StreamError/busy`` to a new listener where too many listen already: it is new again when it comes back.
    func lease(_ chunk: Int, _ demand: Demand) throws(StreamError) -> ChunkLease {
        let request = request(chunk)
        do throws(StreamError) {
            return try engine.chunks.lease(request, demand)
        } catch {
            if error == .busy, demand.standing == .new, let playback = demand.playback { engine.forget(playback) }
            throw error
        }
    }

    /// The frames of all of `chunks` where memory holds every one, which `listener` then has.
    func kept(_ chunks: Range<Int>, for listener: Listener?, hints: ListenerHints) -> [ByteBuffer]? {
        guard let frames = engine.chunks.kept(chunks.map(key(of:))) else { return nil }
        guard let listener else { return frames }
        let (demand, _) = demand(forChunk: chunks.lowerBound, count: chunks.count, areHere: true, of: listener, hints: hints)
        engine.chunks.found(demand, count: chunks.count)
        return frames
    }

    /// Makes chunks ready that nobody waits for yet, behind everything that somebody does. What finds no place is left out.
    func warm(_ chunks: Range<Int>, for listener: Listener?, urgency: Demand.Urgency = .warming) {
        for chunk in chunks.clamped(to: 0..<grid.chunkCount) {
            let demand = Demand(
                deadline: .now + grid.chunkDuration * (chunk - chunks.lowerBound), urgency: urgency,
                playback: listener.map(playback), duration: grid.chunkDuration)
            if let place = try? lease(chunk, demand) { engine.keepWarm(place) }
        }
    }

    private func key(of chunk: Int) -> ChunkKey {
        ChunkKey(original: original, rendition: grid.rendition, index: chunk, fingerprint: fingerprint.value)
    }

    private func playback(of listener: Listener) -> Playback { Playback(listener: listener, track: original) }

    /// One of its chunks.
    func request(_ chunk: Int) -> ChunkRequest {
        ChunkRequest(key: key(of: chunk), map: map, grid: grid, stream: entityTag)
    }
}
