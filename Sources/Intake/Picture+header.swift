internal import Audio

extension Picture {
    /// What a picture file's first bytes say it is: JPEG (ITU-T T.81 B.2), PNG (W3C PNG §11.2.2) or WebP (RFC 9649 §2.4 to §2.7).
    ///
    /// Nil where they say nothing, and where the picture is beyond ``Limit``.
    init?(header bytes: [UInt8]) {
        let found = Self.jpeg(bytes) ?? Self.png(bytes) ?? Self.webp(bytes)
        guard let (format, width, height) = found, width > 0, height > 0, bytes.count <= Limit.bytes,
            width * height <= Limit.pixels
        else { return nil }
        self.init(format: format, width: width, height: height, bytes: bytes.count)
    }

    /// No number read here has more than 32 bits.
    private typealias Found = (format: Format, width: Int, height: Int)

    private static func jpeg(_ bytes: [UInt8]) -> Found? {
        guard bytes.starts(with: [0xFF, 0xD8, 0xFF]) else { return nil }
        var place = 2
        while let first = bytes.big(1, at: place), first == 0xFF, let marker = bytes.big(1, at: place + 1) {
            switch marker {
            case 0xFF: place += 1
            case 0x01, 0xD0...0xD7: place += 2
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                guard let height = bytes.big(2, at: place + 5), let width = bytes.big(2, at: place + 7) else { return nil }
                return (.jpeg, width, height)
            default:
                guard let length = bytes.big(2, at: place + 2), length >= 2 else { return nil }
                place += 2 + length
            }
        }
        return nil
    }

    private static func png(_ bytes: [UInt8]) -> Found? {
        guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]), bytes.dropFirst(12).starts(with: "IHDR".utf8),
            let width = bytes.big(4, at: 16), let height = bytes.big(4, at: 20), width < 1 << 31, height < 1 << 31
        else { return nil }
        return (.png, width, height)
    }

    private static func webp(_ bytes: [UInt8]) -> Found? {
        guard bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WEBPVP8".utf8), bytes.count >= 30 else {
            return nil
        }
        func little(_ count: Int, _ place: Int) -> Int { (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) } }
        switch bytes[15] {
        case UInt8(ascii: " "): return (.webp, little(2, 26) & 0x3FFF, little(2, 28) & 0x3FFF)
        case UInt8(ascii: "L"): return (.webp, little(4, 21) & 0x3FFF + 1, little(4, 21) >> 14 & 0x3FFF + 1)
        case UInt8(ascii: "X"): return (.webp, little(3, 24) + 1, little(3, 27) + 1)
        default: return nil
        }
    }
}

extension [UInt8] {
    /// The number of `count` bytes at `place`, most significant first; nil where there are not so many.
    fileprivate func big(_ count: Int, at place: Int) -> Int? {
        guard place >= 0, place + count <= self.count else { return nil }
        return self[place..<(place + count)].reduce(0) { $0 << 8 | Int($1) }
    }
}
