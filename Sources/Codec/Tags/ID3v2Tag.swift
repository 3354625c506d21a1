import Audio

/// An ID3v2.2, 2.3 or 2.4 tag (https://id3.org/id3v2-00, /id3v2.3.0, /id3v2.4.0-structure).
///
/// Frames are read one by one in their order; frames that are too large or useless are skipped.
struct ID3v2Tag {
    static let headerLength = 10
    private static let maximumFrames = 1 << 14
    /// Compressed frames read in a tag; decompressing costs far more than reading.
    private static let maximumCompressed = 32
    /// Bytes read of a text frame.
    private static let textBytes = 1 << 18

    let version: Int
    let flags: UInt8
    /// Bytes of the file, including header and footer.
    let range: Range<Int>
    private let body: Range<Int>

    /// Nil if no tag begins at `start`.
    init?(_ input: TagInput, at start: Int) {
        let header = input.bytes(at: start, count: Self.headerLength)
        guard header.count == Self.headerLength, header.starts(with: [0x49, 0x44, 0x33]), (2...4).contains(header[3]),
            header[4] != 0xFF, let size = Self.synchsafe(header[6..<10])
        else { return nil }
        version = Int(header[3])
        flags = header[5]
        let bodyStart = start + Self.headerLength
        body = bodyStart..<min(bodyStart + size, max(bodyStart, input.size))
        let footer = version == 4 && flags & 0x10 != 0 ? Self.headerLength : 0
        range = start..<(bodyStart + size + footer)
    }

    /// The tag whose footer ends at `end` (ID3v2.4 §3.4). Nil if there is none.
    init?(_ input: TagInput, endingAt end: Int) {
        let footer = input.bytes(at: end - Self.headerLength, count: Self.headerLength)
        guard footer.count == Self.headerLength, footer.starts(with: [0x33, 0x44, 0x49]),
            let size = Self.synchsafe(footer[6..<10])
        else { return nil }
        self.init(input, at: end - size - 2 * Self.headerLength)
    }

    static func synchsafe(_ bytes: ArraySlice<UInt8>) -> Int? {
        bytes.allSatisfy { $0 < 0x80 } ? bytes.reduce(0) { $0 << 7 | Int($1) } : nil
    }

    private var isUnsynchronised: Bool { flags & 0x80 != 0 }

    func read(_ input: TagInput, _ pictures: inout PictureChoice) -> TagValues {
        var values = ID3v2Values()
        walk(input) {
            $0.isPicture ? pictures.mayTake($0.size) : ID3v2Values.reads($0.name)
        } take: { frame, content in
            if !frame.isPicture {
                values.add(frame.name, content)
            } else if let picture = ID3v2Picture(content, version: version) {
                pictures.offer(picture.bytes, type: picture.type)
            }
        }
        let fields = values.fields.resolved()
        return version < 4 ? fields.partingSlashes() : fields
    }

    /// Walks the frames, and passes on the content of those that are wanted and readable.
    func walk(_ input: TagInput, wants: (ID3v2Frame) -> Bool, take: (ID3v2Frame, _ content: [UInt8]) -> Void) {
        // From 2.4 on unsynchronisation is applied frame by frame, and sizes count the bytes of the file.
        let undoes = isUnsynchronised && version < 4 && UnsynchronisedBytes.areWellFormed(input, body)
        var cursor = TagCursor(input, body, unsynchronised: undoes)
        skipExtendedHeader(&cursor, input)
        let frames = (body.upperBound - cursor.remaining)..<body.upperBound
        let hasPlainSizes = version == 4 && ID3v2FrameSizes.arePlain(input, frames)
        var compressed = 0
        for _ in 0..<Self.maximumFrames {
            guard let frame = ID3v2Frame(&cursor, version: version, hasPlainSizes: hasPlainSizes) else { break }
            guard frame.size > 0 else { continue }
            compressed += frame.isCompressed ? 1 : 0
            guard frame.isReadable, !frame.isCompressed || compressed <= Self.maximumCompressed, wants(frame) else {
                cursor.skip(frame.size)
                continue
            }
            let isWhole = frame.isPicture || frame.isCompressed
            let wanted = isWhole ? frame.size : min(frame.size, Self.textBytes)
            guard wanted <= PictureChoice.maximumBlock else {
                cursor.skip(frame.size)
                continue
            }
            let bytes = cursor.read(wanted)
            cursor.skip(frame.size - wanted)
            guard let content = frame.content(bytes, tagIsUnsynchronised: isUnsynchronised && version == 4) else { continue }
            take(frame, content)
        }
    }

    /// ID3v2.3 §3.2, ID3v2.4 §3.2. The same bit means compression in 2.2, which no program wrote.
    private func skipExtendedHeader(_ cursor: inout TagCursor, _ input: TagInput) {
        guard flags & 0x40 != 0, version > 2 else { return }
        var ahead = cursor
        let bytes = ahead.read(4)
        // Some programs set the flag and write no such header.
        guard let size = version == 4 ? Self.synchsafe(bytes[...]).map({ $0 - 4 }) : bytes.number(at: 0, 4, .big),
            !ID3v2Frame.isName(bytes[...])
        else { return }
        ahead.skip(max(0, min(size, ahead.remaining)))
        cursor = ahead
    }
}
