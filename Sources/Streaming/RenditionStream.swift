public import Audio
public import Packaging

/// The progressive file of one rendition of one track: complete before any of it is encoded.
public struct RenditionStream: Sendable {
    public let layout: StreamLayout
    public let map: TrackMap
    /// The entity tag, without quotes.
    public let entityTag: String
    private let original: OriginalHash
    private let fingerprint: RenderFingerprint
    private let engine: StreamEngine

    /// Nil where the rendition has no Stream.
    init?(original: OriginalHash, map: TrackMap, grid: FrameGrid, fingerprint: RenderFingerprint, engine: StreamEngine) {
        guard let layout = StreamLayout(grid: grid, tags: map.tags, original: original) else { return nil }
        self.original = original
        self.map = map
        self.fingerprint = fingerprint
        self.engine = engine
        self.layout = layout
        entityTag = EntityTag.stream(original: original, rendition: grid.rendition, fingerprint: fingerprint)
    }

    /// Exact length in bytes.
    public var length: Int { layout.length }

    /// Begins to read `range` of the Stream: returns once its first encoded bytes are there, so that a failure to render can
    /// still be told from an answer.
    ///
    /// - Parameters:
    ///   - listener: whose position decides how urgent each chunk is; nil for a reader that is neither counted nor refused.
    ///   - hints: what its player says of its buffer, for the first chunk.
    ///   - isPaced: whether the reading slows down once it is well ahead of real time; see ``Pace``.
    public func read(
        _ range: Range<Int>, for listener: Listener? = nil, hints: ListenerHints = ListenerHints(), isPaced: Bool = false
    ) async throws -> StreamReading {
        var reading = StreamReading(of: self, range, for: listener, pace: isPaced ? engine.pace : nil)
        try await reading.open(hints)
        return reading
    }

    /// Makes chunks ready that nobody waits for yet, behind everything that somebody does. What finds no place is left out.
    public func warm(_ chunks: Range<Int>, for listener: Listener?) {
        let grid = layout.grid
        for chunk in chunks.clamped(to: 0..<grid.chunkCount) {
            let demand = Demand(
                deadline: .now + grid.chunkDuration * (chunk - chunks.lowerBound), urgency: .warming,
                playback: listener.map(playback), duration: grid.chunkDuration)
            if let place = try? lease(chunk, demand) { engine.keepWarm(place) }
        }
    }

    /// Chunks to render ahead of a reader.
    var readAhead: Int { engine.readAhead }

    /// What a listener that asks for a chunk now demands. Notes its position.
    ///
    /// - Parameter count: chunks asked for together, of which this is the first.
    func demand(
        forChunk chunk: Int, count: Int = 1, of listener: Listener?, hints: ListenerHints = ListenerHints()
    ) -> (demand: Demand, isSequential: Bool) {
        let duration = layout.grid.chunkDuration
        guard let playback = listener.map(playback) else { return (Demand(deadline: .now, duration: duration), false) }
        let place = engine.ask(playback, media: duration * chunk..<duration * (chunk + max(1, count)), hints: hints)
        let demand = Demand(
            deadline: place.deadline, isStart: place.isStart, playback: playback, standing: place.isNew ? .new : .known,
            duration: duration)
        return (demand, place.isSequential)
    }

    /// The listener has the first bytes of what it asked for.
    func begin(_ listener: Listener?) {
        if let listener { engine.begin(playback(of: listener)) }
    }

    /// - Throws: ``StreamError/busy`` to a new listener where too many listen already: it is new again when it comes back.
    func lease(_ chunk: Int, _ demand: Demand) throws(StreamError) -> ChunkLease {
        let key = ChunkKey(original: original, rendition: layout.grid.rendition, index: chunk, fingerprint: fingerprint.value)
        let request = ChunkRequest(key: key, map: map, grid: layout.grid)
        do throws(StreamError) {
            return try engine.chunks.lease(request, demand)
        } catch {
            if error == .busy, demand.standing == .new, let playback = demand.playback { engine.forget(playback) }
            throw error
        }
    }

    private func playback(of listener: Listener) -> Playback { Playback(listener: listener, track: original) }
}
