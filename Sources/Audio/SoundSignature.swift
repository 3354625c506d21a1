/// Whether a file's first bytes may be the beginning of sound: a cheap test for files whose names do not claim it.
///
/// It rejects only files that ingest has no format for. Ingest decides on the rest.
public enum SoundSignature {
    /// Bytes it reads.
    public static let bytes = 4096
    /// Raised when more is recognised, so that files skipped before are looked at again.
    public static let version = 1

    private static let magics: [(offset: Int, text: StaticString)] = [
        (0, "ID3"), (0, "fLaC"), (0, "OggS"), (0, "wvpk"), (0, "MAC "), (0, "TTA1"), (0, "MP+"), (0, "MPCK"), (0, "caff"),
        (8, "WAVE"), (8, "AIFF"), (8, "AIFC"), (4, "moov")
    ]
    private static let ebml: [UInt8] = [0x1A, 0x45, 0xDF, 0xA3]
    private static let asf: [UInt8] = [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]
    /// ISO base media files that hold pictures alone (ISO 23008-12 §10, AVIF, Canon, JPEG XL).
    private static let pictureBrands = ["heic", "heix", "hevc", "heim", "heis", "mif1", "msf1", "avif", "avis", "crx ", "jxl "]

    /// - Parameter head: The file's first ``bytes`` bytes, or all there are.
    public static func isPlausible(_ head: [UInt8]) -> Bool {
        if has("ftyp", head, at: 4) {
            return !pictureBrands.contains(String(decoding: head[min(8, head.count)...].prefix(4), as: UTF8.self))
        }
        if head.starts(with: ebml) || head.starts(with: asf) { return true }
        if magics.contains(where: { has($0.text, head, at: $0.offset) }) { return true }
        // Some encoders leave zeros before the first frame.
        return beginsWithFrames(head.drop { $0 == 0 })
    }

    private static func has(_ text: StaticString, _ head: [UInt8], at offset: Int) -> Bool {
        head.dropFirst(offset).starts(with: "\(text)".utf8)
    }

    /// Whether two MPEG frames (ISO 11172-3 §2.4.1.3, ISO 13818-7 §6.2) follow each other, or the bytes hold just one.
    private static func beginsWithFrames(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = frame(bytes), first > 0 else { return false }
        let rest = bytes.dropFirst(first)
        guard rest.count >= 4 else { return bytes.count >= first }
        let (one, other) = (Array(bytes.prefix(3)), Array(rest.prefix(3)))
        // Version, layer and sampling rate stay.
        return frame(rest) != nil && one[0] == other[0] && one[1] == other[1] && (one[2] ^ other[2]) & 0x0C == 0
    }

    /// Bytes of the frame that begins here; nil if there is none.
    private static func frame(_ bytes: ArraySlice<UInt8>) -> Int? {
        let head = Array(bytes.prefix(6))
        guard head.count == 6, head[0] == 0xFF, head[1] & 0xE0 == 0xE0 else { return nil }
        if head[1] & 0xF6 == 0xF0 {
            let size = Int(head[3] & 3) << 11 | Int(head[4]) << 3 | Int(head[5]) >> 5
            return (head[2] >> 2) & 0x0F < 13 && size > 7 ? size : nil
        }
        return MPEGFrame.bytes(head)
    }
}

/// Sizes of MPEG audio frames (ISO 11172-3 §2.4.2.3, ISO 13818-3 §2.4.2.3).
private enum MPEGFrame {
    private static let rates = [44_100, 48_000, 32_000]
    /// kbit/s by bit rate index from 1 on: layers I, II, III of MPEG-1, then layer I and the others of MPEG-2.
    private static let bitrates = [
        [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
    ]

    /// Returns nil if the header does not state a frame of known size.
    static func bytes(_ head: [UInt8]) -> Int? {
        let version = Int(head[1] >> 3) & 3
        let layer = 4 - Int(head[1] >> 1) & 3
        let (rate, bitrate) = (Int(head[2] >> 2) & 3, Int(head[2] >> 4))
        guard version != 1, layer != 4, rate < rates.count, (1...14).contains(bitrate) else { return nil }
        let isFirst = version == 3
        let hertz = rates[rate] / (isFirst ? 1 : version == 2 ? 2 : 4)
        let bits = bitrates[isFirst ? layer - 1 : layer == 1 ? 3 : 4][bitrate - 1] * 1000
        let padding = Int(head[2] >> 1) & 1
        if layer == 1 { return (12 * bits / hertz + padding) * 4 }
        return (layer == 3 && !isFirst ? 72 : 144) * bits / hertz + padding
    }
}
