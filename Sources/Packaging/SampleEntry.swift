import Audio

/// The sample entry of a rendition: which codec, and how its decoder is set up.
enum SampleEntry {
    /// - Parameter preSkip: samples at 48 kHz that an Opus decoder drops at its start.
    static func append(_ grid: FrameGrid, preSkip: Int, _ gain: OutputGain, to stsd: inout [UInt8]) {
        switch grid.rendition.ladder {
        case .mp3: break
        case .aac: append("mp4a", grid, to: &stsd) { appendElementaryStream(grid, to: &$0) }
        case .opus: append("Opus", grid, to: &stsd) { appendOpus(grid, preSkip, gain, to: &$0) }
        case .flac: append("fLaC", grid, to: &stsd) { appendFLAC(grid, to: &$0) }
        }
    }

    /// AudioSampleEntry (ISO 14496-12 §12.2.3).
    private static func append(
        _ type: String, _ grid: FrameGrid, to stsd: inout [UInt8], _ fill: (inout [UInt8]) -> Void
    ) {
        stsd.appendBox(type) { entry in
            entry.append(zeros: 6)
            entry.append(bigEndian: 1 as UInt16)
            entry.append(zeros: 8)
            entry.append(bigEndian: UInt16(clamping: grid.output.channels))
            entry.append(bigEndian: UInt16(clamping: grid.output.bitsPerSample == 0 ? 16 : grid.output.bitsPerSample))
            entry.append(zeros: 4)
            // A rate that 16 bits do not hold is left to the decoder's own set-up.
            let rate = grid.output.sampleRate
            entry.append(bigEndian: rate > 0xFFFF ? 0 : UInt32(rate) << 16)
            fill(&entry)
        }
    }

    /// `esds` with an AudioSpecificConfig for AAC-LC (ISO 14496-14 §5.6, ISO 14496-3 §1.6.2.1).
    private static func appendElementaryStream(_ grid: FrameGrid, to entry: inout [UInt8]) {
        let index = Rendition.aacSampleRates.firstIndex(of: grid.output.sampleRate) ?? 4
        let configuration = UInt16(2 << 11 | index << 7 | grid.output.channels << 3)
        let average = AACBudget(bitrate: grid.rendition.bitrate, output: grid.output).bitsPerSecond
        entry.appendBox("esds", version: 0) { esds in
            // ES descriptor, then inside it the decoder's configuration with its set-up, and the sync layer's; sizes are the bytes behind.
            esds += [0x03, 25, 0, 0, 0]
            esds += [0x04, 17, 0x40, 0x15]
            // Size of the decoder's buffer: the most a frame can have.
            let buffer = AACBudget.frameBytes(channels: grid.output.channels)
            esds += [0, UInt8(truncatingIfNeeded: buffer >> 8), UInt8(truncatingIfNeeded: buffer)]
            // The most over a second: what the encoder is asked for in any frame.
            esds.append(bigEndian: UInt32(clamping: average * 13 / 10))
            esds.append(bigEndian: UInt32(clamping: average))
            esds += [0x05, 2]
            esds.append(bigEndian: configuration)
            esds += [0x06, 1, 0x02]
        }
    }

    /// `dOps` (Encapsulation of Opus in ISO Base Media File Format §4.3.2).
    private static func appendOpus(_ grid: FrameGrid, _ preSkip: Int, _ gain: OutputGain, to entry: inout [UInt8]) {
        entry.appendBox("dOps") { opus in
            opus.append(0)
            opus.append(UInt8(clamping: grid.output.channels))
            opus.append(bigEndian: UInt16(clamping: preSkip))
            // The decoder's rate, as in the sample entry: Chromium refuses any other, though the original's would be as right.
            opus.append(bigEndian: UInt32(clamping: grid.output.sampleRate))
            opus.append(bigEndian: UInt16(bitPattern: gain.value))
            opus.append(0)
        }
    }

    /// `dfLa` with STREAMINFO (Encapsulation of FLAC in ISO Base Media File Format §3.3.2, RFC 9639 §8.2): frame sizes and MD5 unknown.
    private static func appendFLAC(_ grid: FrameGrid, to entry: inout [UInt8]) {
        entry.appendBox("dfLa", version: 0) { flac in
            // The only metadata block, and so the last.
            flac += [0x80, 0, 0, 34]
            flac.append(bigEndian: UInt16(clamping: grid.samplesPerFrame))
            flac.append(bigEndian: UInt16(clamping: grid.samplesPerFrame))
            flac.append(zeros: 6)
            let rate = UInt64(clamping: grid.output.sampleRate) << 44
            let channels = UInt64(clamping: grid.output.channels - 1) << 41
            let depth = UInt64(clamping: grid.output.bitsPerSample - 1) << 36
            // 36 bits; a track too long for them has an unknown length.
            let samples = grid.outputSamples >> 36 == 0 ? UInt64(clamping: grid.outputSamples) : 0
            flac.append(bigEndian: rate | channels | depth | samples)
            flac.append(zeros: 16)
        }
    }
}
