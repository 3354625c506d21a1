import Audio

/// The header of an Ogg page (RFC 3533 §6).
struct OggPage {
    let flags: UInt8
    /// The codec's time at the end of the last packet that ends on the page; negative if no packet does.
    let granule: Int
    let serial: Int
    /// Bytes of each segment; a packet ends with the first below 255.
    let lacing: [UInt8]
    let body: Range<Int>

    /// Nil if no page begins at `offset`.
    init?(_ input: TagInput, at offset: Int) {
        let header = input.bytes(at: offset, count: 27)
        guard header.count == 27, header.starts(with: "OggS".utf8), header[4] == 0, let serial = header.number(at: 14, 4, .little)
        else { return nil }
        granule = Int(truncatingIfNeeded: (6..<14).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64(header[$1]) })
        lacing = input.bytes(at: offset + 27, count: Int(header[26]))
        guard lacing.count == Int(header[26]) else { return nil }
        flags = header[5]
        self.serial = serial
        let start = offset + 27 + lacing.count
        body = start..<(start + lacing.reduce(0) { $0 + Int($1) })
    }

    /// Whether a stream begins with it.
    var begins: Bool { flags & 2 != 0 }

    /// Packets that end on it.
    var packets: Int { lacing.count { $0 < 255 } }
}
