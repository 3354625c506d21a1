public import Audio
public import NIOCore
public import Packaging

/// The progressive file of one rendition of one track: complete before any of it is encoded.
public struct RenditionStream: Sendable {
    public let layout: StreamLayout
    let chunks: RenditionChunks

    /// The entity tag, without quotes.
    public let entityTag: String
    public var map: TrackMap { chunks.rendering.map }

    /// Returns nil if the rendition has no Stream, or none of it is left.
    ///
    /// - Parameter seconds: of the track's beginning that the Stream leaves out.
    init?(_ chunks: RenditionChunks, from seconds: Double = 0) {
        let rendering = chunks.rendering
        let position = seconds * Double(rendering.grid.output.sampleRate)
        // Within the last sample there is something left.
        let end = Double(rendering.grid.outputSamples)
        guard position < end, let samples = Int(exactly: min(position.rounded(), end - 1)) else { return nil }
        let layout = StreamLayout(
            grid: rendering.grid, tags: rendering.map.tags, original: rendering.original, from: samples)
        guard let layout else { return nil }
        self.layout = layout
        entityTag = EntityTag.stream(rendering.entityTag, from: samples)
        self.chunks = chunks
    }

    /// Exact length in bytes.
    public var length: Int { layout.length }

    /// Begins to read `range` of the Stream. Returns once its first encoded bytes are there, so that a failed render can still
    /// change the answer's status.
    ///
    /// - Parameters:
    ///   - listener: its position decides how urgent each chunk is; nil for a reader that is neither counted nor refused.
    ///   - hints: its player's statements about the buffer, for the first chunk.
    ///   - isPaced: whether the reading slows down once it is well ahead of real time; see ``Pace``.
    public func read(
        _ range: Range<Int>, for listener: Listener? = nil, hints: ListenerHints = ListenerHints(), isPaced: Bool = false
    ) async throws -> StreamReading {
        var reading = StreamReading(of: self, range, for: listener, pace: isPaced ? chunks.pace : nil)
        try await reading.open(hints)
        return reading
    }

    /// All of `range` if it is in memory and no pace would delay it: the same bytes as ``read(_:for:hints:isPaced:)``, at once.
    ///
    /// Returns nil also if the range begins in the header region, or plays longer than a response may be ahead.
    public func kept(_ range: Range<Int>, for listener: Listener?, hints: ListenerHints) -> [ByteBuffer]? {
        let covering = layout.chunks(covering: range)
        guard range.lowerBound >= layout.header.count, !covering.isEmpty,
            layout.grid.chunkDuration * covering.count <= chunks.pace.lead,
            let frames = chunks.kept(covering, for: listener, hints: hints)
        else { return nil }
        return zip(covering, frames).map { chunk, frames in
            let extent = layout.byteRange(ofChunk: chunk)
            let part = range.clamped(to: extent)
            let offset = part.lowerBound - extent.lowerBound
            if layout.isPassthrough(chunk: chunk),
                let slice = frames.getSlice(at: frames.readerIndex + offset, length: part.count)
            {
                return slice
            }
            let bytes = layout.streamBytes(ofChunk: chunk, frames: frames.readableBytesSpan, from: offset)
            return ByteBuffer(bytes: bytes.prefix(part.count))
        }
    }

    /// Renders the first `count` chunks, behind all chunks that listeners wait for.
    public func warmStart(_ count: Int, for listener: Listener?) {
        chunks.warm(0..<count, for: listener)
    }
}
