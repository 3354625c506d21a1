public import Audio

/// One media segment as a CMAF fragment (ISO 23000-19 §7.3): `styp`, `moof` and the head of `mdat`, followed by the frames.
public struct MediaSegment: Sendable, Hashable {
    /// Everything before the first frame.
    public let head: [UInt8]
    /// Bytes of the whole segment.
    public let length: Int

    /// - Parameter frames: the frames of each of the segment's chunks; ignored if all frames have one known size.
    /// - Returns: nil if the segment does not exist, or the number of frames does not match it.
    public init?(
        _ layout: SegmentLayout, number: Int, frames: [EncodedFrames] = [], trimming: Trimming = .byBoxes
    ) {
        let expected = layout.frames(ofSegment: number)
        guard !expected.isEmpty else { return nil }
        let sizes: [Int]
        let payload: Int
        if let size = layout.constantFrameBytes {
            sizes = []
            payload = size * expected.count
        } else {
            sizes = frames.flatMap(\.sizes)
            guard sizes.count == expected.count else { return nil }
            payload = sizes.reduce(0, +)
        }
        head = Self.head(layout, number, sizes, payload, trimming)
        length = head.count + payload
    }

    /// Bytes before the frames of a segment.
    static func headBytes(_ layout: SegmentLayout, number: Int) -> Int {
        let frames = layout.frames(ofSegment: number)
        let sizes = layout.constantFrameBytes == nil ? [Int](repeating: 0, count: frames.count) : []
        return head(layout, number, sizes, 0, .byBoxes).count
    }

    private static func head(
        _ layout: SegmentLayout, _ number: Int, _ sizes: [Int], _ payload: Int, _ trimming: Trimming
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256 + 8 * sizes.count)
        bytes.appendBox("styp") { styp in
            styp.append(contentsOf: "msdh".utf8)
            styp.append(bigEndian: 0 as UInt32)
            styp.append(contentsOf: "msdhcmfs".utf8)
        }
        let moof = bytes.count
        var dataOffset = 0
        bytes.appendBox("moof") { moof in
            moof.appendBox("mfhd", version: 0) { $0.append(bigEndian: UInt32(truncatingIfNeeded: number + 1)) }
            moof.appendBox("traf") { traf in
                appendFragment(layout, number, sizes, trimming, to: &traf, dataOffset: &dataOffset)
            }
        }
        // Behind `moof` come the eight bytes of `mdat`'s own head.
        bytes.replaceSubrange(dataOffset..<(dataOffset + 4), with: [UInt8](bigEndian: UInt32(bytes.count - moof + 8)))
        bytes.append(bigEndian: UInt32(truncatingIfNeeded: payload + 8))
        bytes.append(contentsOf: "mdat".utf8)
        return bytes
    }

    private static func appendFragment(
        _ layout: SegmentLayout, _ number: Int, _ sizes: [Int], _ trimming: Trimming, to traf: inout [UInt8],
        dataOffset: inout Int
    ) {
        let grid = layout.grid
        let frames = layout.frames(ofSegment: number)
        // default-base-is-moof, and the common size of all samples if there is one (ISO 14496-12 §8.8.7).
        traf.appendBox("tfhd", version: 0, flags: layout.constantFrameBytes == nil ? 0x02_0000 : 0x02_0010) { tfhd in
            tfhd.append(bigEndian: InitSection.trackID)
            if let size = layout.constantFrameBytes { tfhd.append(bigEndian: UInt32(truncatingIfNeeded: size)) }
        }
        traf.appendBox("tfdt", version: 1) {
            $0.append(bigEndian: UInt64(clamping: frames.lowerBound * grid.samplesPerFrame))
        }
        // The track's last frame lasts only as long as its sound. A page trims it itself, but FLAC's last has no more samples.
        let isWhole = trimming == .byPage && grid.rendition.ladder != .flac
        let cutsLast = frames.upperBound == grid.frameCount && layout.lastFrameSamples < grid.samplesPerFrame && !isWhole
        let flags: UInt32 = 0x1 | (cutsLast ? 0x100 : 0) | (sizes.isEmpty ? 0 : 0x200)
        var place = 0
        traf.appendBox("trun", version: 0, flags: flags) { trun in
            trun.append(bigEndian: UInt32(truncatingIfNeeded: frames.count))
            place = trun.count
            trun.append(bigEndian: 0 as UInt32)
            for index in 0..<frames.count {
                if cutsLast {
                    let samples = index == frames.count - 1 ? layout.lastFrameSamples : grid.samplesPerFrame
                    trun.append(bigEndian: UInt32(truncatingIfNeeded: samples))
                }
                if !sizes.isEmpty { trun.append(bigEndian: UInt32(truncatingIfNeeded: sizes[index])) }
            }
        }
        dataOffset = place
        guard grid.rendition.ladder.rollDistance != nil else { return }
        // Every sample belongs to the one group that `sgpd` in the init section describes (ISO 14496-12 §8.9.2).
        traf.appendBox("sbgp", version: 0) { sbgp in
            sbgp.append(contentsOf: "roll".utf8)
            sbgp.append(bigEndian: 1 as UInt32)
            sbgp.append(bigEndian: UInt32(truncatingIfNeeded: frames.count))
            sbgp.append(bigEndian: 1 as UInt32)
        }
    }

    /// The bytes of `chunk` as they follow ``head``: without the frame sizes that only the worker and the store need.
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

extension Ladder {
    /// Frames before a sample from which decoding has to start to get it right: the `roll` sample group (ISO 14496-12 §10.1); 80 ms
    /// for Opus. Nil if every frame stands alone.
    var rollDistance: Int16? {
        switch self {
        case .opus: -4
        case .aac: -1
        case .mp3, .flac: nil
        }
    }
}

extension [UInt8] {
    fileprivate init(bigEndian value: UInt32) {
        self = []
        append(bigEndian: value)
    }
}
