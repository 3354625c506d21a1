public import Audio
public import Packaging

/// The progressive file of one rendition of one track: complete before any of it is encoded.
public struct RenditionStream: Sendable {
    public let layout: StreamLayout
    let chunks: RenditionChunks

    /// The entity tag, without quotes.
    public var entityTag: String { chunks.entityTag }
    public var map: TrackMap { chunks.map }

    /// Nil where the rendition has no Stream.
    init?(_ chunks: RenditionChunks, original: OriginalHash) {
        guard let layout = StreamLayout(grid: chunks.grid, tags: chunks.map.tags, original: original) else { return nil }
        self.layout = layout
        self.chunks = chunks
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
        var reading = StreamReading(of: self, range, for: listener, pace: isPaced ? chunks.pace : nil)
        try await reading.open(hints)
        return reading
    }

    /// Makes the first `count` chunks ready, behind everything that somebody waits for.
    public func warmStart(_ count: Int, for listener: Listener?) {
        chunks.warm(0..<count, for: listener)
    }
}
