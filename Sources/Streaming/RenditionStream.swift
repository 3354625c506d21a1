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
    public func read(_ range: Range<Int>) async throws -> StreamReading {
        var reading = StreamReading(of: self, range)
        try await reading.open()
        return reading
    }

    /// Chunks to render ahead of a reader.
    var readAhead: Int { engine.readAhead }

    func lease(
        _ chunk: Int, deadline: ContinuousClock.Instant, isReadAhead: Bool = false
    ) throws(StreamError) -> ChunkLease {
        let key = ChunkKey(original: original, rendition: layout.grid.rendition, index: chunk, fingerprint: fingerprint.value)
        let request = ChunkRequest(key: key, map: map, grid: layout.grid)
        return try engine.chunks.lease(request, deadline: deadline, isReadAhead: isReadAhead)
    }
}
