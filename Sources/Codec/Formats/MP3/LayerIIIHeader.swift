/// The header of one MPEG audio layer III frame (ISO 11172-3 §2.4.1.3, ISO 13818-3 §2.4.2.3), the unofficial MPEG-2.5 included.
struct LayerIIIHeader: Equatable {
    /// Bytes.
    static let length = 4

    let word: UInt32

    /// Nil if the word is not a layer III header.
    init?(_ word: UInt32) {
        guard word >> 21 == 0x7FF, word >> 19 & 3 != 1, word >> 17 & 3 == 1, word >> 10 & 3 != 3, word >> 12 & 15 != 15 else {
            return nil
        }
        self.word = word
    }

    /// Nil if there is no layer III header at `offset`.
    init?(_ bytes: [UInt8], at offset: Int) {
        guard offset >= 0, offset + Self.length <= bytes.count else { return nil }
        self.init(bytes[offset..<(offset + Self.length)].reduce(0) { $0 << 8 | UInt32($1) })
    }

    /// MPEG-1, not MPEG-2 or 2.5.
    var isFirst: Bool { word >> 19 & 3 == 3 }

    /// 0 in free format.
    var bitrateIndex: Int { Int(word >> 12 & 15) }

    /// Hz.
    var sampleRate: Int {
        let rate = word >> 10 & 3 == 0 ? 44_100 : word >> 10 & 3 == 1 ? 48_000 : 32_000
        return rate >> (isFirst ? 0 : word >> 19 & 3 == 2 ? 1 : 2)
    }

    /// Samples per channel.
    var samples: Int { isFirst ? 1152 : 576 }

    var channels: Int { word >> 6 & 3 == 3 ? 1 : 2 }

    /// Bytes the padding bit stands for.
    var padding: Int { Int(word >> 9 & 1) }

    /// Bytes of the check word behind the header: 0 or 2.
    var checkBytes: Int { word >> 16 & 1 == 0 ? 2 : 0 }

    /// Bytes of side information behind header and check word (ISO 11172-3 §2.4.1.7, ISO 13818-3 §2.4.1.7).
    var sideBytes: Int { isFirst ? (channels == 1 ? 17 : 32) : (channels == 1 ? 9 : 17) }

    /// The bits that stay the same from frame to frame: sync, version, layer and sample rate.
    var signature: UInt32 { word & 0xFFFE_0C00 }
}
