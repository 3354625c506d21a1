/// Reads Ogg pages as RFC 3533 §6 describes them, byte by byte and checksum bit by bit: slow, and sure.
struct OggPageReader {
    struct Page {
        let flags: UInt8
        let granule: Int
        let serial: UInt32
        let sequence: Int
        let packets: [[UInt8]]
    }

    struct Broken: Error {
        let offset: Int
    }

    static func pages(in bytes: [UInt8]) throws -> [Page] {
        var pages: [Page] = []
        var offset = 0
        while offset < bytes.count {
            guard bytes.count - offset >= 27, bytes[offset..<(offset + 5)].elementsEqual(Array("OggS".utf8) + [0]) else {
                throw Broken(offset: offset)
            }
            func integer(at position: Int, _ size: Int) -> UInt64 {
                (0..<size).reduce(0) { $0 | UInt64(bytes[offset + position + $1]) << ($1 * 8) }
            }
            let segments = Int(bytes[offset + 26])
            guard bytes.count - offset >= 27 + segments else { throw Broken(offset: offset) }
            let lacing = bytes[(offset + 27)..<(offset + 27 + segments)]
            var position = offset + 27 + segments
            let end = position + lacing.reduce(0) { $0 + Int($1) }
            guard end <= bytes.count, lacing.last ?? 0 < 255 else { throw Broken(offset: offset) }

            var packets: [[UInt8]] = []
            var packet: [UInt8] = []
            for length in lacing {
                packet += bytes[position..<(position + Int(length))]
                position += Int(length)
                if length < 255 {
                    packets.append(packet)
                    packet = []
                }
            }
            var page = Array(bytes[offset..<end])
            for byte in 22..<26 { page[byte] = 0 }
            guard checksum(page) == integer(at: 22, 4) else { throw Broken(offset: offset) }
            pages.append(
                Page(
                    flags: bytes[offset + 5], granule: Int(integer(at: 6, 8)), serial: UInt32(integer(at: 14, 4)),
                    sequence: Int(integer(at: 18, 4)), packets: packets))
            offset = end
        }
        return pages
    }

    private static func checksum(_ page: [UInt8]) -> UInt64 {
        var value: UInt32 = 0
        for byte in page {
            value ^= UInt32(byte) << 24
            for _ in 0..<8 { value = value & 0x8000_0000 == 0 ? value << 1 : value << 1 ^ 0x04C1_1DB7 }
        }
        return UInt64(value)
    }
}
