import Audio

/// A movie fragment of a rendition (ISO 14496-12 §8.8.4): `moof` and the head of the `mdat` behind it, which the frames follow.
struct MovieFragment {
    let grid: FrameGrid
    /// Counted from 1 over the whole rendition; grows, but may leave numbers out.
    let number: Int
    /// Of the rendition.
    let frames: Range<Int>
    /// Bytes of each frame, or of all of them if they are alike.
    let sizes: FrameSizes
    let trimming: Trimming
    /// The frame of the rendition with which media time begins.
    var origin = 0
    /// Whether a decoder may start here, so that the fragment says how far back it has to begin.
    var isEntry = true

    enum FrameSizes {
        case all(Int)
        case each(ArraySlice<Int>)
    }

    /// Bytes of ``head``, which depend on the number of frames and not on their sizes.
    var headBytes: Int {
        let perFrame = (cutsLast ? 4 : 0) + (hasEqualSizes ? 0 : 4)
        let group = isEntry && grid.rendition.ladder.rollDistance != nil ? 28 : 0
        // `moof`, `mfhd`, `traf`, `tfhd`, `tfdt`, `trun`, `sbgp`, and the head of `mdat`.
        return 8 + 16 + 8 + (hasEqualSizes ? 20 : 16) + 20 + 20 + frames.count * perFrame + group + 8
    }

    /// Bytes of the frames.
    var payload: Int {
        switch sizes {
        case .all(let size): frames.count * size
        case .each(let sizes): sizes.reduce(0, +)
        }
    }

    private var hasEqualSizes: Bool { if case .all = sizes { true } else { false } }

    /// Whether the last sample lasts only as long as the track's sound. A page trims it itself, but FLAC's last has no more samples.
    private var cutsLast: Bool {
        let isWhole = trimming == .byPage && grid.rendition.ladder != .flac
        return frames.upperBound == grid.frameCount && grid.lastFrameSamples < grid.samplesPerFrame && !isWhole
    }

    /// Appends everything before the first frame.
    func append(to bytes: inout [UInt8]) {
        let moof = bytes.count
        var dataOffset = 0
        bytes.appendBox("moof") { moof in
            moof.appendBox("mfhd", version: 0) { $0.append(bigEndian: UInt32(truncatingIfNeeded: number)) }
            moof.appendBox("traf") { appendRun(to: &$0, dataOffset: &dataOffset) }
        }
        // Behind `moof` come the eight bytes of `mdat`'s own head.
        bytes.replaceSubrange(dataOffset..<(dataOffset + 4), with: [UInt8](bigEndian: UInt32(bytes.count - moof + 8)))
        bytes.append(bigEndian: UInt32(truncatingIfNeeded: payload + 8))
        bytes.append(contentsOf: "mdat".utf8)
    }

    private func appendRun(to traf: inout [UInt8], dataOffset: inout Int) {
        // default-base-is-moof, and the common size of all samples if there is one (ISO 14496-12 §8.8.7).
        traf.appendBox("tfhd", version: 0, flags: hasEqualSizes ? 0x02_0010 : 0x02_0000) { tfhd in
            tfhd.append(bigEndian: InitSection.trackID)
            if case .all(let size) = sizes { tfhd.append(bigEndian: UInt32(truncatingIfNeeded: size)) }
        }
        traf.appendBox("tfdt", version: 1) {
            $0.append(bigEndian: UInt64(clamping: (frames.lowerBound - origin) * grid.samplesPerFrame))
        }
        let flags: UInt32 = 0x1 | (cutsLast ? 0x100 : 0) | (hasEqualSizes ? 0 : 0x200)
        var place = 0
        traf.appendBox("trun", version: 0, flags: flags) { trun in
            trun.append(bigEndian: UInt32(truncatingIfNeeded: frames.count))
            place = trun.count
            trun.append(bigEndian: 0 as UInt32)
            for index in 0..<frames.count {
                if cutsLast {
                    let samples = index == frames.count - 1 ? grid.lastFrameSamples : grid.samplesPerFrame
                    trun.append(bigEndian: UInt32(truncatingIfNeeded: samples))
                }
                if case .each(let sizes) = sizes {
                    trun.append(bigEndian: UInt32(truncatingIfNeeded: sizes[sizes.startIndex + index]))
                }
            }
        }
        dataOffset = place
        guard isEntry, grid.rendition.ladder.rollDistance != nil else { return }
        // Every sample of an entry belongs to the one group that `sgpd` in the init section describes (ISO 14496-12 §8.9.2).
        traf.appendBox("sbgp", version: 0) { sbgp in
            sbgp.append(contentsOf: "roll".utf8)
            sbgp.append(bigEndian: 1 as UInt32)
            sbgp.append(bigEndian: UInt32(truncatingIfNeeded: frames.count))
            sbgp.append(bigEndian: 1 as UInt32)
        }
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

extension FrameGrid {
    /// Samples of the rendition's last frame that count: up to the track's end.
    var lastFrameSamples: Int { encoderDelay + outputSamples - (frameCount - 1) * samplesPerFrame }
}

extension [UInt8] {
    fileprivate init(bigEndian value: UInt32) {
        self = []
        append(bigEndian: value)
    }
}
