public import Audio
public import Packaging

/// The init section and the media segments of one rendition of one track, from the same chunks as its Stream.
public struct SegmentedRendition: Sendable {
    public let layout: SegmentLayout
    private let chunks: RenditionChunks

    /// The entity tag of the rendition, without quotes; those of its parts begin with it.
    public var entityTag: String { chunks.rendering.entityTag }
    public var map: TrackMap { chunks.rendering.map }

    /// Nil if the rendition is not served in segments.
    init?(_ chunks: RenditionChunks) {
        guard let layout = SegmentLayout(grid: chunks.grid) else { return nil }
        self.layout = layout
        self.chunks = chunks
    }

    /// Bytes of a segment if they are known without encoding it, as Opus's and AAC's are; otherwise nil.
    public func knownLength(ofSegment number: Int, trimming: Trimming = .byBoxes) -> Int? {
        MediaSegment(layout, number: number, trimming: trimming)?.length
    }

    /// Begins to read a segment, or a range of its bytes. Returns once its length is known and its first frames are there.
    ///
    /// Opus's and AAC's length is arithmetic, and only the chunks that the range touches are encoded; FLAC's is known when the
    /// segment is fully encoded. A listener who reads the segments in order finds the next one ready.
    ///
    /// - Parameters:
    ///   - range: inside the segment; nil for all of it.
    ///   - listener: its position decides how urgent the segment is; nil for a reader that is neither counted nor refused.
    ///   - hints: its player's statements about the buffer.
    public func segment(
        _ number: Int, _ range: Range<Int>? = nil, trimming: Trimming = .byBoxes, for listener: Listener? = nil,
        hints: ListenerHints = ListenerHints()
    ) async throws -> SegmentReading {
        let all = layout.chunks(ofSegment: number)
        guard !all.isEmpty else { throw StreamError.missing }
        let wanted = range.map { layout.chunks(ofSegment: number, covering: $0, trimming: trimming) } ?? all
        let underWay = chunks.underWay(listener)
        var leases: [ChunkLease] = []
        if !wanted.isEmpty {
            var (demand, isSequential) = chunks.demand(
                forChunk: wanted.lowerBound, count: wanted.count, of: listener, hints: hints)
            leases = [try chunks.lease(wanted.lowerBound, demand)]
            demand.standing = .underWay
            // The listener waits for the first frames: nothing of its own takes processors from them.
            if layout.grid.rendition.ladder.hasKnownSizes { try await leases[0].begins() }
            for chunk in wanted.dropFirst() { leases.append(try chunks.lease(chunk, demand)) }
            if isSequential || number == 0 { warm(number + 1, for: listener, urgency: .readAhead) }
        }
        var reading = try await SegmentReading(layout, number, trimming, wanted, leases, underWay)
        if let range { reading.narrow(to: range) }
        chunks.begin(listener)
        return reading
    }

    /// Renders a segment, behind all chunks that listeners wait for. Ignores a segment that does not exist.
    public func warm(_ number: Int, for listener: Listener?) {
        warm(number, for: listener, urgency: .warming)
    }

    private func warm(_ number: Int, for listener: Listener?, urgency: Demand.Urgency) {
        chunks.warm(layout.chunks(ofSegment: number), for: listener, urgency: urgency)
    }
}
