public import Audio
public import Packaging

/// The init section and the media segments of one rendition of one track, from the same chunks as its Stream.
public struct SegmentedRendition: Sendable {
    public let layout: SegmentLayout
    public let map: TrackMap
    /// The tag of the rendition, which those of its parts begin with; without quotes.
    public let entityTag: String
    private let original: OriginalHash
    private let fingerprint: RenderFingerprint
    private let engine: StreamEngine

    init(original: OriginalHash, map: TrackMap, layout: SegmentLayout, fingerprint: RenderFingerprint, engine: StreamEngine) {
        self.original = original
        self.map = map
        self.layout = layout
        self.fingerprint = fingerprint
        self.engine = engine
        entityTag = EntityTag.stream(original: original, rendition: layout.grid.rendition, fingerprint: fingerprint)
    }

    /// Bytes of a segment where they are known without encoding it: Opus.
    public func knownLength(ofSegment number: Int) -> Int? { MediaSegment(layout, number: number)?.length }

    /// Begins to read a segment: returns once its length is known and its first frames are there.
    ///
    /// Opus's length is arithmetic; AAC's and FLAC's is known when all of it is encoded.
    public func segment(_ number: Int) async throws -> SegmentReading {
        guard (0..<layout.count).contains(number) else { throw StreamError.missing }
        var leases: [ChunkLease] = []
        for chunk in layout.chunks(ofSegment: number) { leases.append(try lease(chunk, deadline: .now)) }
        return try await SegmentReading(layout, number, leases)
    }

    private func lease(_ chunk: Int, deadline: ContinuousClock.Instant) throws(StreamError) -> ChunkLease {
        let key = ChunkKey(original: original, rendition: layout.grid.rendition, index: chunk, fingerprint: fingerprint.value)
        return try engine.chunks.lease(ChunkRequest(key: key, map: map, grid: layout.grid), deadline: deadline)
    }
}
