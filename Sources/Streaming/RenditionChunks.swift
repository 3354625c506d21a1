import Audio
import NIOCore
import Packaging

/// The chunks of one rendition of one track, as listeners request them. Its Stream and its segments are both made of them.
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

    /// Notes that a listener requests a chunk now. Returns its demand, and whether the request continues the listener's last
    /// one.
    ///
    /// - Parameters:
    ///   - count: chunks requested together, of which this is the first.
    ///   - areHere: whether the listener gets them at once.
    func demand(
        forChunk chunk: Int, count: Int = 1, areHere: Bool = false, of listener: Listener?, hints: ListenerHints = ListenerHints()
    ) -> (demand: Demand, isSequential: Bool) {
        let duration = grid.chunkDuration
        guard let playback = listener.map(playback) else { return (Demand(deadline: .now, duration: duration), false) }
        let media = duration * chunk..<duration * (chunk + max(1, count))
        return audience.ask(playback, media: media, duration: duration, hints: hints, isHere: areHere)
    }

    /// Notes that an answer to `listener` begins. It ends when the returned value is released.
    func underWay(_ listener: Listener?) -> ReadingsUnderWay.Reading? { listener.map(audience.underWay) }

    /// Notes that the first bytes the listener requested have arrived.
    func begin(_ listener: Listener?) {
        if let listener { audience.begin(playback(of: listener)) }
    }

    /// - Throws: as ``ChunkStore/lease(_:_:)``. A new listener that is refused is forgotten, so it is new again when it
    ///   comes back.
    func lease(_ chunk: Int, _ demand: Demand) throws(StreamError) -> ChunkLease {
        do throws(StreamError) {
            return try store.lease(ChunkRequest(rendering, chunk), demand)
        } catch {
            if error == .busy, demand.standing == .new, let playback = demand.playback { audience.forget(playback) }
            throw error
        }
    }

    /// The frames of all of `chunks`; notes that `listener` got them. Returns nil if memory lacks any of them.
    func kept(_ chunks: Range<Int>, for listener: Listener?, hints: ListenerHints) -> [ByteBuffer]? {
        guard let frames = store.kept(chunks.map { rendering.name(ofChunk: $0) }) else { return nil }
        guard let listener else { return frames }
        let (demand, _) = demand(forChunk: chunks.lowerBound, count: chunks.count, areHere: true, of: listener, hints: hints)
        store.found(demand, count: chunks.count)
        return frames
    }

    /// Renders chunks that no listener waits for yet, behind all chunks that listeners wait for. A chunk that finds the
    /// queue full is left out.
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
