extension Picture.Format {
    /// The format of a file that begins with `bytes`.
    public static func sniffed(in bytes: some Collection<UInt8>) -> Picture.Format? {
        let head = Array(bytes.prefix(12))
        if head.starts(with: [0xFF, 0xD8, 0xFF]) { return .jpeg }
        if head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) { return .png }
        if head.starts(with: "GIF8".utf8) { return .gif }
        if head.count == 12, head.starts(with: "RIFF".utf8), head[8...].elementsEqual("WEBP".utf8) { return .webp }
        return nil
    }
}

extension Picture {
    private static let maximumSegments = 1 << 12

    /// Reads a picture's format from its first bytes and its size in pixels from its header, and nothing else.
    ///
    /// Nil if the bytes are not a picture, the header is damaged, or the picture exceeds ``Limit``.
    public init?(header bytes: [UInt8]) {
        guard bytes.count <= Limit.bytes, let format = Format.sniffed(in: bytes) else { return nil }
        let size =
            switch format {
            case .jpeg: Self.jpegSize(bytes)
            case .png: Self.pngSize(bytes)
            case .gif: Self.gifSize(bytes)
            case .webp: Self.webpSize(bytes)
            }
        guard let (width, height) = size, width > 0, height > 0, width <= Limit.pixels, height <= Limit.pixels,
            width * height <= Limit.pixels
        else { return nil }
        self.init(format: format, width: width, height: height, bytes: bytes.count)
    }

    /// The first start-of-frame segment (ITU-T T.81 §B.2.2).
    private static func jpegSize(_ bytes: [UInt8]) -> (Int, Int)? {
        var offset = 2
        for _ in 0..<maximumSegments {
            guard bytes.number(at: offset, 1, .big) == 0xFF, let marker = bytes.number(at: offset + 1, 1, .big) else {
                return nil
            }
            switch marker {
            case 0xFF:
                offset += 1
            case 0x01, 0xD0...0xD8:
                offset += 2
            case 0xC0...0xCF where marker != 0xC4 && marker != 0xC8 && marker != 0xCC:
                guard let height = bytes.number(at: offset + 5, 2, .big), let width = bytes.number(at: offset + 7, 2, .big)
                else { return nil }
                return (width, height)
            case 0xD9, 0xDA, 0x00:
                return nil
            default:
                guard let length = bytes.number(at: offset + 2, 2, .big), length >= 2 else { return nil }
                offset += 2 + length
            }
        }
        return nil
    }

    /// The IHDR chunk, always the first (https://www.w3.org/TR/png-3/#11IHDR).
    private static func pngSize(_ bytes: [UInt8]) -> (Int, Int)? {
        guard bytes.count >= 24, bytes[12..<16].elementsEqual("IHDR".utf8), let width = bytes.number(at: 16, 4, .big),
            let height = bytes.number(at: 20, 4, .big)
        else { return nil }
        return (width, height)
    }

    /// The logical screen (GIF89a §18).
    private static func gifSize(_ bytes: [UInt8]) -> (Int, Int)? {
        guard let width = bytes.number(at: 6, 2, .little), let height = bytes.number(at: 8, 2, .little) else { return nil }
        return (width, height)
    }

    /// The first chunk of any of WebP's three kinds (RFC 9649 §2.5 to §2.7).
    private static func webpSize(_ bytes: [UInt8]) -> (Int, Int)? {
        guard bytes.count >= 30 else { return nil }
        switch String(decoding: bytes[12..<16], as: UTF8.self) {
        case "VP8 ":
            guard let width = bytes.number(at: 26, 2, .little), let height = bytes.number(at: 28, 2, .little) else { return nil }
            return (width & 0x3FFF, height & 0x3FFF)
        case "VP8L":
            guard bytes[20] == 0x2F, let bits = bytes.number(at: 21, 4, .little) else { return nil }
            return (bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
        case "VP8X":
            guard let width = bytes.number(at: 24, 3, .little), let height = bytes.number(at: 27, 3, .little) else { return nil }
            return (width + 1, height + 1)
        default: return nil
        }
    }
}
