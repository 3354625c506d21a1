import Audio

/// One chunk of AAC as fragments, with a `free` box behind them that fills it up to a size known beforehand.
///
/// A segment's chunk has several, so that its first sound can leave early. A file's has one: FFmpeg takes a reference of the `sidx` for one
/// fragment, and after a seek passes over the others. `Packaging.docc/Decisions/Segments.md` has more.
public struct FragmentedChunk: Sendable, Hashable {
    /// Bytes of a box without content.
    private static let freeBytes = 8

    /// Bytes of the whole chunk.
    public let byteCount: Int
    private let grid: FrameGrid
    private let chunk: Int
    private let trimming: Trimming
    /// Where media time begins, in frames of the rendition.
    private let origin: Int
    /// Frames of the chunk in each fragment, in order.
    private let fragments: [Range<Int>]

    /// A chunk of segments.
    ///
    /// - Parameter chunk: one that the grid has.
    init(ofSegment grid: FrameGrid, chunk: Int, trimming: Trimming) {
        let early = Fragments(frames: grid.frames(ofChunk: chunk).count, sampleRate: grid.output.sampleRate)
        self.init(grid, chunk, trimming, (0..<early.count).map { early[$0] }, from: 0)
    }

    /// A chunk of the progressive file.
    ///
    /// - Parameters:
    ///   - chunk: one that the grid has.
    ///   - first: the first frame of the rendition that there is; media time begins with it. The frames of the chunk before it are
    ///     left out, and their bytes are filling.
    init(ofFile grid: FrameGrid, chunk: Int, from first: Int = 0) {
        self.init(grid, chunk, .byBoxes, [0..<grid.frames(ofChunk: chunk).count], from: first)
    }

    private init(_ grid: FrameGrid, _ chunk: Int, _ trimming: Trimming, _ parts: [Range<Int>], from first: Int) {
        self.grid = grid
        self.chunk = chunk
        self.trimming = trimming
        origin = first
        let frames = grid.frames(ofChunk: chunk)
        fragments = parts.map { $0.clamped(to: max(0, first - frames.lowerBound)..<frames.count) }.filter { !$0.isEmpty }
        var bytes = grid.byteCount(ofChunk: chunk) - frames.count * EncodedFrames.prefixBytes + Self.freeBytes
        for (index, frames) in fragments.enumerated() {
            bytes += Self.fragment(grid, chunk, index, frames, [], trimming, first).headBytes
        }
        byteCount = bytes
    }

    private static func fragment(
        _ grid: FrameGrid, _ chunk: Int, _ index: Int, _ frames: Range<Int>, _ sizes: ArraySlice<Int>, _ trimming: Trimming,
        _ origin: Int
    ) -> MovieFragment {
        let first = grid.frames(ofChunk: chunk).lowerBound
        return MovieFragment(
            grid: grid, number: chunk * Fragments.most + index + 1, frames: first + frames.lowerBound..<first + frames.upperBound,
            sizes: .each(sizes), trimming: trimming, origin: origin, isEntry: index == 0)
    }

    /// The bytes of the chunk from `offset` on: the fragments whose frames are all there, and the filling if all frames are.
    ///
    /// - Parameter frames: the ``EncodedFrames`` of the chunk, or their first bytes.
    public func bytes(frames: RawSpan, from offset: Int) -> [UInt8] {
        let sizes = EncodedFrames(beginning: frames).sizes
        var bytes: [UInt8] = []
        // Where the next frame and the next fragment begin.
        let (leftOut, last) = (fragments.first?.lowerBound ?? 0, fragments.last?.upperBound ?? 0)
        var place = sizes.prefix(leftOut).reduce(0) { $0 + EncodedFrames.prefixBytes + $1 }
        var position = 0
        var skipped: Int?
        for (index, range) in fragments.enumerated() {
            guard range.upperBound <= sizes.count else { break }
            let own = sizes[range]
            let fragment = Self.fragment(grid, chunk, index, range, own, trimming, origin)
            let length = fragment.headBytes + fragment.payload
            // The worker is not trusted: frames beyond the budget end the chunk early.
            guard position + length + Self.freeBytes <= byteCount else { return drop(skipped ?? 0, of: bytes) }
            if position + length > offset {
                if skipped == nil {
                    skipped = offset - position
                    bytes.reserveCapacity(byteCount - position)
                }
                fragment.append(to: &bytes)
                for size in own {
                    place += EncodedFrames.prefixBytes
                    bytes.append(contentsOf: frames.extracting(place..<place + size))
                    place += size
                }
            } else {
                place += fragment.payload + own.count * EncodedFrames.prefixBytes
            }
            position += length
        }
        if sizes.count >= last, offset < byteCount {
            if skipped == nil { skipped = offset - position }
            bytes.append(bigEndian: UInt32(truncatingIfNeeded: byteCount - position))
            bytes.append(contentsOf: "free".utf8)
            bytes.append(zeros: byteCount - position - Self.freeBytes)
        }
        return drop(skipped ?? 0, of: bytes)
    }

    private func drop(_ count: Int, of bytes: [UInt8]) -> [UInt8] { count == 0 ? bytes : Array(bytes.dropFirst(count)) }
}
