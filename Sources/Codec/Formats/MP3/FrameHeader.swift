/// The header of one MPEG audio layer III frame or one ADTS frame, as far as recognising a file and walking it need it.
struct FrameHeader: Equatable {
    let container: Container
    /// The bits that stay the same from frame to frame: version, layer, sample rate; for ADTS the channels too.
    let signature: UInt32
    /// Bytes from this header to the next.
    let size: Int
    /// 1 or 2; 0 for ADTS, whose signature includes them.
    let channels: Int

    static func == (one: FrameHeader, other: FrameHeader) -> Bool {
        one.container == other.container && one.signature == other.signature
    }

    /// Whether a decoder can continue from `other` to this frame without a change of sample rate or channels.
    func hasFormat(of other: FrameHeader) -> Bool { self == other && channels == other.channels }

    /// Bytes a header needs to be read.
    static let length = 7

    /// Nil unless `bytes` has a header at `offset`.
    ///
    /// - Parameter freeFormat: if given, only frames of that format count.
    init?(_ bytes: [UInt8], at offset: Int, _ freeFormat: FreeFormat? = nil) {
        guard offset >= 0, offset + Self.length <= bytes.count, bytes[offset] == 0xFF, bytes[offset + 1] & 0xE0 == 0xE0 else {
            return nil
        }
        let word = Self.word(bytes, at: offset)
        if word & 0xFFF6_0000 == 0xFFF0_0000, freeFormat == nil {
            self.init(adts: word, Int(bytes[offset + 4]), Int(bytes[offset + 5]))
        } else {
            self.init(mpeg: word, freeFormat)
        }
    }

    private static func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// ISO 13818-7 §6.2.
    private init?(adts word: UInt32, _ fifth: Int, _ sixth: Int) {
        let size = Int(word & 3) << 11 | fifth << 3 | sixth >> 5
        guard word >> 10 & 15 < 13, size > Self.length else { return nil }
        (container, signature, self.size, channels) = (.adts, word & 0xFFFE_FDC0, size, 0)
    }

    private init?(mpeg word: UInt32, _ freeFormat: FreeFormat?) {
        guard let header = LayerIIIHeader(word) else { return nil }
        let found = if let freeFormat { freeFormat.size(of: header) } else { Self.size(of: header) }
        guard let size = found else { return nil }
        (container, signature, self.size, channels) = (.mp3, header.signature, size, header.channels)
    }

    /// Bytes by the bitrate's table (ISO 11172-3 §2.4.2.3, ISO 13818-3 §2.4.2.3); nil for free format.
    private static func size(of header: LayerIIIHeader) -> Int? {
        guard header.bitrateIndex > 0 else { return nil }
        let bitrate = (header.isFirst ? firstBitrates : secondBitrates)[header.bitrateIndex - 1] * 1000
        return header.samples / 8 * bitrate / header.sampleRate + header.padding
    }

    private static let firstBitrates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    private static let secondBitrates = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]

    /// The name of the MPEG audio that the bytes begin with, if it is of a kind that is not accepted.
    static func untaken(_ bytes: [UInt8]) -> String? {
        guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] & 0xE0 == 0xE0 else { return nil }
        let word = word(bytes, at: 0)
        guard word >> 19 & 3 != 1, word >> 10 & 3 != 3, word >> 12 & 15 != 15 else { return nil }
        switch word >> 17 & 3 {
        case 3: return "MPEG audio layer I"
        case 2: return "MPEG audio layer II"
        case 1 where word >> 12 & 15 == 0: return "free-format MP3 whose frames differ in size"
        default: return nil
        }
    }
}
