import Audio

extension OggPage {
    private static let mostSegments = 255
    private static let noGranule = -1

    /// Pages of these packets one after the other, at granule 0, as for headers.
    ///
    /// - Parameter begins: whether the first of them begins the stream.
    static func pages(of packets: [[UInt8]], serial: Int, begins: Bool) -> [UInt8] {
        var segments: [(size: UInt8, bytes: ArraySlice<UInt8>)] = []
        for packet in packets {
            var rest = packet[...]
            while rest.count >= 255 {
                segments.append((255, rest.prefix(255)))
                rest = rest.dropFirst(255)
            }
            segments.append((UInt8(rest.count), rest))
        }
        var pages: [UInt8] = []
        var isContinued = false
        var start = 0
        while start < segments.count {
            let page = segments[start..<min(segments.count, start + mostSegments)]
            let ends = page.contains { $0.size < 255 }
            pages += bytes(
                flags: (isContinued ? 1 : 0) | (begins && start == 0 ? 2 : 0), granule: ends ? 0 : noGranule, serial: serial,
                lacing: page.map(\.size), body: page.flatMap(\.bytes))
            isContinued = page.last?.size == 255
            start += page.count
        }
        return pages
    }

    /// One page, with its checksum. Its number is 0, which the demuxers ignore.
    static func bytes(flags: UInt8, granule: Int, serial: Int, lacing: [UInt8], body: [UInt8]) -> [UInt8] {
        var page = Array("OggS".utf8) + [0, flags]
        page += (0..<8).map { UInt8(truncatingIfNeeded: granule >> (8 * $0)) }
        page += (0..<4).map { UInt8(truncatingIfNeeded: serial >> (8 * $0)) }
        let checksum = page.count + 4
        page += [UInt8](repeating: 0, count: 8) + [UInt8(truncatingIfNeeded: lacing.count)] + lacing + body
        let sum = Self.sum(of: page)
        for place in 0..<4 { page[checksum + place] = UInt8(truncatingIfNeeded: sum >> UInt32(8 * place)) }
        return page
    }

    /// The CRC of RFC 3533 §6: 0x04C11DB7, not reflected, from 0.
    private static func sum(of bytes: [UInt8]) -> UInt32 {
        var sum: UInt32 = 0
        for byte in bytes {
            sum ^= UInt32(byte) << 24
            for _ in 0..<8 { sum = sum << 1 ^ (sum >> 31) &* 0x04C1_1DB7 }
        }
        return sum
    }
}
