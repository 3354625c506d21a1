/// How the frame sizes of an ID3v2.4 tag are written: synchsafe by the standard, plain by iTunes for years.
enum ID3v2FrameSizes {
    private static let maximumFrames = 1 << 12

    /// Whether walking by plain sizes finds more frames than by synchsafe ones, or as many while it alone ends at the tag's end.
    static func arePlain(_ input: TagInput, _ range: Range<Int>) -> Bool {
        let synchsafe = walk(input, range) { bytes in bytes.reduce(0) { $0 << 7 | Int($1 & 0x7F) } }
        let plain = walk(input, range) { bytes in bytes.reduce(0) { $0 << 8 | Int($1) } }
        return plain.frames > synchsafe.frames
            || (plain.frames == synchsafe.frames && synchsafe.overshoot >= 1 && plain.overshoot <= 1)
    }

    private static func walk(
        _ input: TagInput, _ range: Range<Int>, size: (ArraySlice<UInt8>) -> Int
    ) -> (frames: Int, overshoot: Int) {
        var (offset, frames) = (range.lowerBound, 0)
        while offset < range.upperBound - 10, frames < maximumFrames {
            let header = input.bytes(at: offset, count: 10)
            guard header.count == 10 else { break }
            if header.allSatisfy({ $0 == 0 }) { return (frames, -((range.upperBound - offset) % 10)) }
            offset += 10 + size(header[4..<8])
            if ID3v2Frame.isName(header[0..<4]) { frames += 1 }
        }
        return (frames, offset - range.upperBound)
    }
}
