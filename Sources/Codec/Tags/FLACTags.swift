import Audio

/// The metadata blocks of a FLAC file (RFC 9639 §8).
enum FLACTags {
    private static let maximumBlocks = 1 << 12

    /// Reads the blocks behind the `fLaC` at `start`; FLAC's blocks count before other tags of the file.
    static func read(_ input: TagInput, at start: Int, _ pictures: inout PictureChoice) -> TagValues {
        guard input.has("fLaC", at: start) else { return TagValues() }
        var offset = start + 4
        var comments: [TagValues] = []
        var sampleRate = 0
        var cueSheet = ""
        for _ in 0..<maximumBlocks {
            let header = input.bytes(at: offset, count: 4)
            guard header.count == 4, header[0] != 0xFF, let size = header.number(at: 1, 3, .big) else { break }
            offset += 4
            switch header[0] & 0x7F {
            case 0: sampleRate = (input.bytes(at: offset, count: 18).number(at: 10, 3, .big) ?? 0) >> 4
            case 4:
                var cursor = TagCursor(input, offset..<(offset + size))
                comments.append(VorbisComments.read(&cursor, &pictures))
            case 5: cueSheet = FLACCueSheet(input.bytes(at: offset, count: size), sampleRate: sampleRate)?.text ?? cueSheet
            case 6 where pictures.mayTake(size):
                VorbisComments.offer(pictureBlock: input.bytes(at: offset, count: size), to: &pictures)
            default: break
            }
            offset += size
            if header[0] & 0x80 != 0 { break }
        }
        var values = comments.first ?? TagValues()
        for other in comments.dropFirst() { values.fill(from: other) }
        if !values.has(.cueSheet) { values.add(.cueSheet, cueSheet) }
        return values
    }
}
