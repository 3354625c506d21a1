/// The header of one MPEG audio layer III frame or one ADTS frame, as far as recognising a file and walking it need it.
struct FrameHeader: Equatable {
    let container: Container
    /// The bits that stay the same from frame to frame: version, layer, sample rate; for ADTS the channels too.
    let signature: UInt32
    /// Bytes from this header to the next.
    let size: Int

    static func == (one: FrameHeader, other: FrameHeader) -> Bool {
        one.container == other.container && one.signature == other.signature
    }

    /// Bytes a header needs to be read.
    static let length = 7

    /// Nil unless `bytes` has a header at `offset`.
    init?(_ bytes: [UInt8], at offset: Int) {
        guard offset >= 0, offset + Self.length <= bytes.count, bytes[offset] == 0xFF, bytes[offset + 1] & 0xE0 == 0xE0 else {
            return nil
        }
        let word = Self.word(bytes, at: offset)
        if word & 0xFFF6_0000 == 0xFFF0_0000 {
            self.init(adts: word, Int(bytes[offset + 4]), Int(bytes[offset + 5]))
        } else {
            self.init(mpeg: word)
        }
    }

    private static func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// ISO 13818-7 §6.2.
    private init?(adts word: UInt32, _ fifth: Int, _ sixth: Int) {
        let size = Int(word & 3) << 11 | fifth << 3 | sixth >> 5
        guard word >> 10 & 15 < 13, size > Self.length else { return nil }
        (container, signature, self.size) = (.adts, word & 0xFFFE_FDC0, size)
    }

    /// ISO 11172-3 §2.4.2.3, ISO 13818-3 §2.4.2.3; MPEG-2.5 as everybody writes it. Layer III only, no free format.
    private init?(mpeg word: UInt32) {
        let version = word >> 19 & 3
        let bitrateIndex = Int(word >> 12 & 15)
        let rateIndex = Int(word >> 10 & 3)
        guard version != 1, word >> 17 & 3 == 1, (1...14).contains(bitrateIndex), rateIndex < 3 else { return nil }
        let isFirst = version == 3
        let bitrate = (isFirst ? Self.firstBitrates : Self.secondBitrates)[bitrateIndex - 1] * 1000
        let sampleRate = [44_100, 48_000, 32_000][rateIndex] >> (isFirst ? 0 : version == 2 ? 1 : 2)
        container = .mp3
        signature = word & 0xFFFE_0C00
        size = (isFirst ? 144 : 72) * bitrate / sampleRate + Int(word >> 9 & 1)
    }

    private static let firstBitrates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    private static let secondBitrates = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]

    /// What the bytes begin with where that is MPEG audio of a kind that is not taken.
    static func untaken(_ bytes: [UInt8]) -> String? {
        guard bytes.count >= 4, bytes[0] == 0xFF, bytes[1] & 0xE0 == 0xE0 else { return nil }
        let word = word(bytes, at: 0)
        guard word >> 19 & 3 != 1, word >> 10 & 3 != 3, word >> 12 & 15 != 15 else { return nil }
        switch word >> 17 & 3 {
        case 3: return "MPEG audio layer I"
        case 2: return "MPEG audio layer II"
        case 1 where word >> 12 & 15 == 0: return "free-format MP3, whose frames have no size of their own"
        default: return nil
        }
    }
}
