/// One page of an Ogg stream whose packets are all of one size and never continue on the next page (RFC 3533 §6).
struct OggPage {
    struct Flags: OptionSet {
        let rawValue: UInt8
        static let beginsStream = Flags(rawValue: 0x02)
        static let endsStream = Flags(rawValue: 0x04)
    }

    var flags: Flags = []
    /// Sample position after the page's last packet.
    var granule: Int
    var serial: UInt32
    var sequence: UInt32
    /// Size of each packet, in bytes.
    var packetBytes: Int
    var packets = 1

    private static let headerBytes = 27
    private static let checksumOffset = 22

    /// Lacing values of one packet: 255 for every whole 255 bytes, then the rest, which may be 0.
    private static func lacingBytes(_ packetBytes: Int) -> Int { packetBytes / 255 + 1 }

    /// Bytes of a page with `packets` packets of `packetBytes` each.
    static func byteCount(packets: Int, of packetBytes: Int) -> Int {
        headerBytes + packets * (lacingBytes(packetBytes) + packetBytes)
    }

    /// Appends the page, with `payload` as its packets' bytes, to `stream`.
    func append(_ payload: RawSpan, to stream: inout [UInt8]) {
        let start = stream.count
        stream += Array("OggS".utf8)
        stream.append(0)
        stream.append(flags.rawValue)
        stream.append(littleEndian: granule)
        stream.append(littleEndian: serial)
        stream.append(littleEndian: sequence)
        stream.append(littleEndian: 0 as UInt32)
        stream.append(UInt8(truncatingIfNeeded: packets * Self.lacingBytes(packetBytes)))
        for _ in 0..<packets {
            stream.append(contentsOf: repeatElement(255, count: packetBytes / 255))
            stream.append(UInt8(packetBytes % 255))
        }
        stream.append(contentsOf: payload)

        let checksum = OggCRC.checksum(stream.span.extracting(start..<stream.count))
        for byte in 0..<4 {
            stream[start + Self.checksumOffset + byte] = UInt8(truncatingIfNeeded: checksum >> (byte * 8))
        }
    }
}
