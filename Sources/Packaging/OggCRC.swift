/// The checksum of an Ogg page (RFC 3533 §6): polynomial 0x04C11DB7, most significant bit first, neither inverted nor reflected.
///
/// Eight bytes a step by eight tables.
enum OggCRC {
    /// 256 entries for each distance, 0 to 7 bytes, of a byte from the end of its step.
    private static let tables: [UInt32] = {
        var tables: [UInt32] = []
        tables.reserveCapacity(2048)
        for index in 0..<256 {
            var value = UInt32(index) << 24
            for _ in 0..<8 { value = value >> 31 == 1 ? 0x04C1_1DB7 ^ (value << 1) : value << 1 }
            tables.append(value)
        }
        for index in 256..<2048 {
            let nearer = tables[index - 256]
            tables.append(nearer << 8 ^ tables[Int(nearer >> 24)])
        }
        return tables
    }()

    /// The checksum of `page`, whose own checksum field is zero.
    static func checksum(_ page: Span<UInt8>) -> UInt32 {
        let tables = tables.span
        var value: UInt32 = 0
        var position = 0
        while position + 8 <= page.count {
            let high = value ^ word(page, at: position)
            let low = word(page, at: position + 4)
            value = tables[1792 + Int(high >> 24)] ^ tables[1536 + Int(high >> 16 & 0xFF)]
            value ^= tables[1280 + Int(high >> 8 & 0xFF)] ^ tables[1024 + Int(high & 0xFF)]
            value ^= tables[768 + Int(low >> 24)] ^ tables[512 + Int(low >> 16 & 0xFF)]
            value ^= tables[256 + Int(low >> 8 & 0xFF)] ^ tables[Int(low & 0xFF)]
            position += 8
        }
        while position < page.count {
            value = value << 8 ^ tables[Int(value >> 24 ^ UInt32(page[position]))]
            position += 1
        }
        return value
    }

    private static func word(_ bytes: Span<UInt8>, at position: Int) -> UInt32 {
        let high = UInt32(bytes[position]) << 24 | UInt32(bytes[position + 1]) << 16
        return high | UInt32(bytes[position + 2]) << 8 | UInt32(bytes[position + 3])
    }
}
