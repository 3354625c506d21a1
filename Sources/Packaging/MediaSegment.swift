public import Audio

/// One media segment (ISO 23000-19 §7.3): `styp` and one fragment, or for AAC the fragments of its chunks.
public struct MediaSegment: Sendable, Hashable {
    /// Everything before the first frame; for AAC, everything before the first ``FragmentedChunk``.
    public let head: [UInt8]
    /// Bytes of the whole segment.
    public let length: Int

    /// - Parameter frames: the frames of each of the segment's chunks; ignored if the segment's size is known without them.
    /// - Returns: nil if the segment does not exist, or the number of frames does not match it.
    public init?(
        _ layout: SegmentLayout, number: Int, frames: [EncodedFrames] = [], trimming: Trimming = .byBoxes
    ) {
        let expected = layout.frames(ofSegment: number)
        guard !expected.isEmpty else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256 + (layout.grid.rendition.ladder == .flac ? 8 * expected.count : 0))
        Self.appendType(to: &bytes)
        if layout.isFragmented {
            head = bytes
            length = layout.chunks(ofSegment: number).reduce(bytes.count) { sum, chunk in
                sum + layout.byteCount(ofChunk: chunk, trimming: trimming)
            }
            return
        }
        let sizes = frames.flatMap(\.sizes)
        guard layout.constantFrameBytes != nil || sizes.count == expected.count else { return nil }
        let fragment = Self.fragment(layout, number, sizes, trimming)
        fragment.append(to: &bytes)
        head = bytes
        length = bytes.count + fragment.payload
    }

    private static func appendType(to bytes: inout [UInt8]) {
        bytes.appendBox("styp") { styp in
            styp.append(contentsOf: "msdh".utf8)
            styp.append(bigEndian: 0 as UInt32)
            styp.append(contentsOf: "msdhcmfs".utf8)
        }
    }

    private static func fragment(
        _ layout: SegmentLayout, _ number: Int, _ sizes: [Int], _ trimming: Trimming
    ) -> MovieFragment {
        MovieFragment(
            grid: layout.grid, number: number + 1, frames: layout.frames(ofSegment: number),
            sizes: layout.constantFrameBytes.map { .all($0) } ?? .each(sizes[...]), trimming: trimming)
    }

    /// Bytes before the frames of a segment that is one fragment.
    static func headBytes(_ layout: SegmentLayout, number: Int) -> Int {
        24 + fragment(layout, number, [], .byBoxes).headBytes
    }

    /// The bytes of `chunk` as they follow ``head`` where a segment is one fragment: without the frame sizes that only the worker and
    /// the store need.
    ///
    /// - Parameter frames: nil if the chunk is bare frames without sizes.
    public static func payload(ofChunk chunk: RawSpan, _ frames: EncodedFrames?) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(chunk.byteCount)
        guard let frames else {
            bytes.append(contentsOf: chunk)
            return bytes
        }
        var offset = 0
        for size in frames.sizes {
            offset += EncodedFrames.prefixBytes
            bytes.append(contentsOf: chunk.extracting(offset..<(offset + size)))
            offset += size
        }
        return bytes
    }
}
