public import Audio

/// How the chunks of a rendition become media segments, and where the segments lie on the time line. Everything is arithmetic.
///
/// Two clocks run in a rendition, both in samples per channel at the output rate: media time, which begins with the encoder's priming,
/// and presentation time, which begins with the track and ends with it, after exactly ``FrameGrid/outputSamples``.
public struct SegmentLayout: Sendable, Hashable {
    /// Version of the rules and of the boxes; part of every entity tag.
    public static let version = 4

    public let grid: FrameGrid

    /// Nil if the rendition's codec is not served in segments.
    public init?(grid: FrameGrid) {
        guard grid.rendition.ladder.segmentCodec != nil else { return nil }
        self.grid = grid
    }

    public var count: Int { (grid.chunkCount + FrameGrid.chunksPerSegment - 1) / FrameGrid.chunksPerSegment }

    /// Frames in every segment but the last.
    public var framesPerSegment: Int { grid.framesPerChunk * FrameGrid.chunksPerSegment }

    /// The chunks of a segment; the last may have one. Empty for a segment that does not exist.
    public func chunks(ofSegment number: Int) -> Range<Int> {
        guard (0..<count).contains(number) else { return 0..<0 }
        let first = number * FrameGrid.chunksPerSegment
        return first..<min(first + FrameGrid.chunksPerSegment, grid.chunkCount)
    }

    /// The chunks that `range` of a segment's bytes touches: none if it ends before them, all if their sizes are not known.
    public func chunks(ofSegment number: Int, covering range: Range<Int>, trimming: Trimming) -> Range<Int> {
        let chunks = chunks(ofSegment: number)
        guard grid.rendition.ladder.hasKnownSizes, let segment = MediaSegment(self, number: number, trimming: trimming) else {
            return chunks
        }
        var touched = chunks.lowerBound..<chunks.lowerBound
        var end = segment.head.count
        for chunk in chunks {
            let start = end
            end += byteCount(ofChunk: chunk, trimming: trimming)
            guard start < range.upperBound, range.lowerBound < end else { continue }
            touched = (touched.isEmpty ? chunk : touched.lowerBound)..<(chunk + 1)
        }
        return touched
    }

    /// Bytes of a chunk of known size in its segment.
    public func byteCount(ofChunk chunk: Int, trimming: Trimming) -> Int {
        isFragmented ? fragments(ofChunk: chunk, trimming: trimming).byteCount : grid.byteCount(ofChunk: chunk)
    }

    /// The segment that holds `chunk`.
    public func segment(ofChunk chunk: Int) -> Int { chunk / FrameGrid.chunksPerSegment }

    func frames(ofSegment number: Int) -> Range<Int> {
        let chunks = chunks(ofSegment: number)
        guard !chunks.isEmpty else { return 0..<0 }
        return grid.frames(ofChunk: chunks.lowerBound).lowerBound..<grid.frames(ofChunk: chunks.upperBound - 1).upperBound
    }

    /// The presentation time a segment covers.
    public func presentation(ofSegment number: Int) -> Range<Int> {
        let frames = frames(ofSegment: number)
        let start = max(0, frames.lowerBound * grid.samplesPerFrame - grid.encoderDelay)
        return start..<max(start, min(grid.outputSamples, frames.upperBound * grid.samplesPerFrame - grid.encoderDelay))
    }

    /// The largest duration of a segment in whole seconds, rounded half up: an HLS playlist's target (RFC 8216bis §4.4.3.1).
    public var targetDuration: Int {
        let longest = (0..<min(3, count)).map { presentation(ofSegment: $0).count }.max() ?? 0
        return max(1, (2 * longest + grid.output.sampleRate) / (2 * grid.output.sampleRate))
    }

    /// Bytes of every frame if all have one known size: Opus.
    public var constantFrameBytes: Int? { grid.rendition.ladder == .opus ? grid.opusPacketBytes : nil }

    /// Whether a segment is several fragments, whose frames differ in size while their chunks do not: AAC.
    public var isFragmented: Bool { grid.rendition.ladder == .aac }

    /// A chunk of a rendition that ``isFragmented``.
    ///
    /// - Parameter chunk: one that the grid has.
    public func fragments(ofChunk chunk: Int, trimming: Trimming) -> FragmentedChunk {
        FragmentedChunk(ofSegment: grid, chunk: chunk, trimming: trimming)
    }
}
