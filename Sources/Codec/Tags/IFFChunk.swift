import Audio

/// A chunk of a RIFF or IFF file: four letters, a size, a body, and a byte of padding behind an odd one (EA IFF 85 §3).
struct IFFChunk {
    private static let maximumChunks = 1 << 14

    let name: String
    let body: Range<Int>

    /// The sibling chunks in `range`; a chunk that claims to be larger ends with the range.
    static func chunks(_ input: TagInput, in range: Range<Int>, _ order: ByteOrder) -> [IFFChunk] {
        var chunks: [IFFChunk] = []
        var offset = range.lowerBound
        var longData: Int?
        while range.upperBound - offset >= 8, chunks.count < maximumChunks {
            let header = input.bytes(at: offset, count: 8)
            guard header.count == 8, var size = header.number(at: 4, 4, order) else { break }
            let name = String(decoding: header[0..<4], as: UTF8.self)
            let start = offset + 8
            // RF64's sizes beyond 32 bits are in an earlier chunk (EBU Tech 3306 §3).
            if name == "ds64" { longData = input.bytes(at: start, count: 16).number(at: 8, 8, .little) }
            if name == "data", size == 0xFFFF_FFFF, let longData { size = longData }
            let end = size > range.upperBound - start ? range.upperBound : start + size
            chunks.append(IFFChunk(name: name, body: start..<end))
            offset = end
            if size & 1 == 1, offset < range.upperBound { offset += 1 }
        }
        return chunks
    }
}
