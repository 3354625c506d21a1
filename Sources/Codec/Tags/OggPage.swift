import Audio

/// The header of an Ogg page (RFC 3533 §6).
struct OggPage {
    let flags: UInt8
    let serial: Int
    /// Bytes of each segment; a packet ends with the first below 255.
    let lacing: [UInt8]
    let body: Range<Int>

    /// Nil where no page begins at `offset`.
    init?(_ input: TagInput, at offset: Int) {
        let header = input.bytes(at: offset, count: 27)
        guard header.count == 27, header.starts(with: "OggS".utf8), header[4] == 0, let serial = header.number(at: 14, 4, .little)
        else { return nil }
        lacing = input.bytes(at: offset + 27, count: Int(header[26]))
        guard lacing.count == Int(header[26]) else { return nil }
        flags = header[5]
        self.serial = serial
        let start = offset + 27 + lacing.count
        body = start..<(start + lacing.reduce(0) { $0 + Int($1) })
    }
}
