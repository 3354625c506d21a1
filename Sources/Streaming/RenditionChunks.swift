import Audio
import NIOCore
import Packaging

/// The chunks of one rendition of one track for those who listen to it: what its Stream and its segments are both made of.
struct RenditionChunks: Sendable {
    let rendering: Rendering
    private let store: ChunkStore
    private let audience: Audience

    init(_ rendering: Rendering, store: ChunkStore, audience: Audience) {
        self.rendering = rendering
        self.store = store
        self.audience = audience
    }

    var grid: FrameGrid { rendering.grid }

    /// Chunks to render ahead of a reader.
    var readAhead: Int { audience.readAhead }

    /// How fast paced readings go.
    var pace: Pace { audience.pace }

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
        return audience.ask(playback, media: media, duration: duration, hints: hints, isHere: areHere)
    }

    /// An answer to `listener` begins, and lasts until what this gives is let go.
    func underWay(_ listener: Listener?) -> ReadingsUnderWay.Reading? { listener.map(audience.underWay) }

    /// The listener has the first bytes of what it asked for.
    func begin(_ listener: Listener?) {
        if let listener { audience.begin(playback(of: listener)) }
    }

    /// - Throws: ``StreamError/busy`` to a new listener where too many listen already: it is new again when it comes back.
    func lease(_ chunk: Int, _ demand: Demand) throws(StreamError) -> ChunkLease {
        do throws(StreamError) {
            return try store.lease(ChunkRequest(rendering, chunk), demand)
        } catch {
            if error == .busy, demand.standing == .new, let playback = demand.playback { audience.forget(playback) }
            throw error
        }
    }

    /// The frames of all of `chunks` where memory holds every one, which `listener` then has.
    func kept(_ chunks: Range<Int>, for listener: Listener?, hints: ListenerHints) -> [ByteBuffer]? {
        guard let frames = store.kept(chunks.map { rendering.name(ofChunk: $0) }) else { return nil }
        guard let listener else { return frames }
        let (demand, _) = demand(forChunk: chunks.lowerBound, count: chunks.count, areHere: true, of: listener, hints: hints)
        store.found(demand, count: chunks.count)
        return frames
    }

    /// Makes chunks ready that nobody waits for yet, behind everything that somebody does. What finds no place is left out.
    func warm(_ chunks: Range<Int>, for listener: Listener?, urgency: Demand.Urgency = .warming) {
        for chunk in chunks.clamped(to: 0..<grid.chunkCount) {
            let demand = Demand(
                deadline: .now + grid.chunkDuration * (chunk - chunks.lowerBound), urgency: urgency,
                playback: listener.map(playback), duration: grid.chunkDuration)
            if let place = try? lease(chunk, demand) { audience.keepWarm(place) }
        }
    }

    private func playback(of listener: Listener) -> Playback { Playback(listener: listener, track: rendering.original) }
}
