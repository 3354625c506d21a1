import Audio

/// A box of an MP4 file (ISO 14496-12 §4.2).
struct MP4Box {
    private static let maximumBoxes = 1 << 14

    /// Its four letters, each byte a character of Latin-1: Apple's copyright sign is one byte.
    let name: String
    /// Where the letters are.
    let nameOffset: Int
    let body: Range<Int>

    /// The sibling boxes in `range`, up to the first malformed one.
    static func boxes(_ input: TagInput, in range: Range<Int>) -> [MP4Box] {
        var boxes: [MP4Box] = []
        var offset = range.lowerBound
        while range.upperBound - offset >= 8, boxes.count < maximumBoxes {
            let header = input.bytes(at: offset, count: 16)
            guard let short = header.number(at: 0, 4, .big), header.count >= 8 else { break }
            var (length, headerLength) = (short, 8)
            if short == 1 {
                guard let long = header.number(at: 8, 8, .big) else { break }
                (length, headerLength) = (long, 16)
            } else if short == 0 {
                length = range.upperBound - offset
            }
            guard length >= headerLength else { break }
            let end = length > range.upperBound - offset ? range.upperBound : offset + length
            guard end >= offset + headerLength else { break }
            var name = String.UnicodeScalarView()
            for byte in header[4..<8] { name.append(Unicode.Scalar(byte)) }
            boxes.append(MP4Box(name: String(name), nameOffset: offset + 4, body: (offset + headerLength)..<end))
            offset = end
        }
        return boxes
    }

    /// The item lists of a `meta` box, which is a full box by ISO 14496-12 §8.11.1, whose version and flags are 0, and a plain one
    /// by QuickTime.
    func itemLists(_ input: TagInput) -> [MP4Box] {
        let isPlain = input.bytes(at: body.lowerBound, count: 4).contains { $0 != 0 }
        let list = min(body.lowerBound + (isPlain ? 0 : 4), body.upperBound)..<body.upperBound
        return Self.boxes(input, in: list).filter { $0.name == "ilst" }
    }
}
