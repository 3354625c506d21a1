import Audio

/// The MP3 frame before the first real one that tells a player the exact length, where to seek, and what to trim.
///
/// A silent frame whose side information is zero, then the Xing header and the LAME tag (gabriel.mp3-tech.org/mp3infotag.html).
/// Its bit rate is the rung's, so that a reader of only the first header gets the right bit rate for the file.
struct InfoFrame {
    /// A table of contents: for each hundredth of the time, the 256th of the file in which it begins.
    private static let contentsBytes = 100
    /// Xing header without the table, 20 bytes, and LAME tag, 36: less than the smallest frame there is, 144 bytes at 48 kbit/s and 24 kHz.
    private static let tagBytes = 56
    private let grid: FrameGrid
    private let cut: StreamCut
    /// Whether the frame has room for a table of contents. `mp3-48` has no room; at constant bitrate the table adds no
    /// information.
    private let hasContents: Bool
    /// Size of the frame, in bytes.
    let byteCount: Int

    /// - Parameter cut: nil for the whole Stream.
    init(grid: FrameGrid, cut: StreamCut? = nil) {
        self.grid = grid
        self.cut = cut ?? StreamCut(0, grid)
        // The frame is one without padding.
        byteCount = grid.samplesPerFrame / 8 * 1000 * grid.rendition.bitrate / grid.output.sampleRate
        hasContents = byteCount >= Self.tagOffset(in: grid.output) + Self.tagBytes + Self.contentsBytes
    }

    /// The frame's bytes.
    ///
    /// - Parameters:
    ///   - audioBytes: all frames after this one, in bytes.
    ///   - offsetOfFrame: where a frame, counted from the first behind this one, begins, in bytes after this one.
    func bytes(audioBytes: Int, offsetOfFrame: (Int) -> Int) -> [UInt8] {
        let total = byteCount + audioBytes
        let frameCount = grid.frameCount - cut.firstFrame
        var frame = header
        frame.reserveCapacity(byteCount)
        frame.pad(to: Self.tagOffset(in: grid.output))

        frame += Array("Info".utf8)
        // Frames, bytes and quality are there, and the table of contents if it fits.
        frame.append(bigEndian: hasContents ? 0xF : 0xB as UInt32)
        frame.append(bigEndian: UInt32(clamping: frameCount))
        frame.append(bigEndian: UInt32(clamping: total))
        for percent in 0..<(hasContents ? Self.contentsBytes : 0) {
            let position = byteCount + offsetOfFrame(frameCount * percent / 100)
            frame.append(UInt8(clamping: position * 256 / total))
        }
        // LAME's figure for constant bitrate: 100 - 10 * 4 - its quality.
        frame.append(bigEndian: UInt32(clamping: 60 - grid.rendition.effort))

        frame += Array("LAME3.100".utf8)
        // Tag revision 0, method 1: constant bitrate.
        frame.append(0x01)
        // Low-pass, peak and both replay gains are not known here.
        frame += Array(repeating: 0, count: 9)
        // LAME's psychoacoustic model with its ATH type 4.
        frame.append(0x14)
        frame.append(UInt8(clamping: grid.rendition.bitrate))
        frame += trims
        frame.append(miscellany)
        // No gain change by mp3gain.
        frame.append(0)
        frame.append(bigEndian: UInt16(clamping: grid.rendition.bitrate))
        frame.append(bigEndian: UInt32(clamping: total))
        // The music's CRC would need the music.
        frame.append(bigEndian: 0 as UInt16)
        // The specification says 190 bytes, which is where this field lies in MPEG-1 stereo; LAME takes all before the field.
        frame.append(bigEndian: CRC16.checksum(frame))
        frame.pad(to: byteCount)
        return frame
    }

    /// The MPEG frame header (ISO 11172-3 §2.4.1.3): layer III, no CRC, no padding, original.
    private var header: [UInt8] {
        let rate = grid.output.sampleRate
        let version: UInt8 = rate >= 32_000 ? 3 : rate >= 16_000 ? 2 : 0
        let rateIndex: UInt8 =
            switch rate {
            case 44_100, 22_050, 11_025: 0
            case 48_000, 24_000, 12_000: 1
            default: 2
            }
        let bitrateIndex = 1 + (Rendition.mp3Bitrates(at: rate).firstIndex(of: grid.rendition.bitrate) ?? 0)
        let mode: UInt8 = grid.output.channels == 1 ? 3 : 1
        return [
            0xFF, 0xE0 | version << 3 | 1 << 1 | 1, UInt8(bitrateIndex) << 4 | rateIndex << 2, mode << 6 | 1 << 2
        ]
    }

    /// Encoder delay and padding, 12 bits each; the padding is below 1152 - 576 + 1152 samples.
    private var trims: [UInt8] {
        let padding = grid.frameCount * grid.samplesPerFrame - grid.encoderDelay - grid.outputSamples
        return [
            UInt8(truncatingIfNeeded: cut.trimmed >> 4),
            UInt8(truncatingIfNeeded: cut.trimmed << 4 | padding >> 8),
            UInt8(truncatingIfNeeded: padding)
        ]
    }

    /// Source sample rate, stereo mode and noise shaping, as LAME gives them at `-q 2` to `-q 6`.
    private var miscellany: UInt8 {
        let sourceRate: UInt8 =
            switch grid.sourceRate {
            case ...32_000: 0
            case ...44_100: 1
            case ...48_000: 2
            default: 3
            }
        let stereoMode: UInt8 = grid.output.channels == 1 ? 0 : 3
        return sourceRate << 6 | stereoMode << 2 | 2
    }

    /// Bytes before the tag: frame header and side information (ISO 11172-3 §2.4.1.7, ISO 13818-3 §2.4.1.7).
    private static func tagOffset(in format: OutputFormat) -> Int { headerBytes + sideBytes(in: format) }

    /// Bytes of a frame's header.
    static let headerBytes = 4

    /// Bytes of a frame's side information, which follows the header.
    static func sideBytes(in format: OutputFormat) -> Int {
        let isMono = format.channels == 1
        return format.sampleRate >= 32_000 ? (isMono ? 17 : 32) : (isMono ? 9 : 17)
    }
}
