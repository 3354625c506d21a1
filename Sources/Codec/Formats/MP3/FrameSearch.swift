/// Looks for the first frames of an MP3 or ADTS file behind other data.
///
/// Frames are accepted if three of one kind follow each other: random bytes do so once in 10^13 places.
struct FrameSearch {
    struct Finding {
        let container: Container
        let start: Int
        var freeFormat: FreeFormat?
    }

    /// How many bytes of junk may stand in front, zeros and spaces aside.
    static let junk = 1 << 16
    /// The same for a file that begins with a tag, whose size may be wrong: no accepted cover is larger.
    static let tagJunk = 8 << 20
    /// How far zeros and spaces may reach, which taggers leave in place of a large cover. A longer search would exceed the time a
    /// refusal may take.
    private static let reach = 16 << 20

    /// Places in one window, which holds as much again for the frames that begin in it.
    private static let step = 1 << 16
    /// Headers in the junk that are tried as free-format ones.
    private static let freeFormatTrials = 64

    private let file: InputFile

    init(_ file: InputFile) { self.file = file }

    /// The first frames from `begin` on. Reads each byte of the file at most twice.
    func first(from begin: Int, junk limit: Int) -> Finding? {
        var (start, junk, trials) = (begin, 0, Self.freeFormatTrials)
        while start < file.size, start - begin < Self.reach {
            let window = Window(bytes: file.bytes(at: start, count: 2 * Self.step), file: file, start: start, begin: begin)
            let places = window.bytes.prefix(Self.step)
            // The file system does not give these bytes.
            guard !places.isEmpty else { return nil }
            let padding = places.withUnsafeBufferPointer { bytes in bytes.count { $0 == 0 || $0 == 0x20 } }
            if padding < places.count, let found = window.frames(in: places.indices, &trials) { return found }
            // A few zeros among other bytes are not padding.
            junk += padding > places.count / 2 ? places.count - padding : places.count
            guard junk < limit else { return nil }
            start += places.count
        }
        return nil
    }

    /// Where the frames that include `found` begin, if that is inside the tag in front: the tag's size is too large then.
    func start(within tag: Range<Int>, of found: Finding) -> Int? {
        guard found.container == .mp3, found.freeFormat == nil, found.start > tag.upperBound,
            !isPadding(tag.upperBound..<found.start),
            let first = first(from: tag.lowerBound + 10, junk: Self.tagJunk), first.start < tag.upperBound,
            first.container == .mp3, first.freeFormat == nil,
            let run = FrameWalk(file, from: first.start, to: found.start).runs.last, run.upperBound == found.start
        else { return nil }
        return run.lowerBound
    }

    private func isPadding(_ range: Range<Int>) -> Bool {
        file.bytes(at: range.lowerBound, count: min(range.count, Self.reach)).allSatisfy { $0 == 0 || $0 == 0x20 }
    }
}

extension FrameSearch {
    /// A piece of the file, and the frames in it that can be believed.
    private struct Window {
        let bytes: [UInt8]
        let file: InputFile
        /// Where the piece begins in the file.
        let start: Int
        /// Where the search began: fewer frames suffice right there.
        let begin: Int

        func frames(in places: Range<Int>, _ trials: inout Int) -> Finding? {
            for offset in places where bytes[offset] == 0xFF {
                if let first = FrameHeader(bytes, at: offset), hasSuccessors(of: first, at: offset) {
                    return Finding(container: first.container, start: start + offset)
                }
                if trials > 0, let header = LayerIIIHeader(bytes, at: offset), header.bitrateIndex == 0 {
                    trials -= 1
                    if let format = consistentFreeFormat(at: offset) {
                        return Finding(container: .mp3, start: start + offset, freeFormat: format)
                    }
                }
            }
            return nil
        }

        private func isFirst(_ offset: Int) -> Bool { start + offset == begin }

        /// The free format whose frames, beginning at `offset`, all have one size. The nearest header may be sound that looks
        /// like one.
        private func consistentFreeFormat(at offset: Int) -> FreeFormat? {
            for skipping in 0..<4 {
                guard let found = FreeFormat(bytes, at: offset, skipping: skipping) else { return nil }
                if hasFrames(of: found, at: offset) { return found }
            }
            return nil
        }

        /// Whether frames of the format follow each other: three at the start, or two that are the whole file. Behind junk eight
        /// are required, because PCM often looks like headers.
        private func hasFrames(of format: FreeFormat, at offset: Int) -> Bool {
            var next = offset
            for count in 0..<(isFirst(offset) ? 3 : 8) {
                guard let header = FrameHeader(bytes, at: next, format) else {
                    return isFirst(offset) && count == 2 && next <= bytes.count && ID3Span.isTrailer(bytes, at: next)
                }
                next += header.size
            }
            return true
        }

        /// Whether three frames follow each other, or fewer if the file ends before.
        private func hasSuccessors(of first: FrameHeader, at offset: Int) -> Bool {
            var next = offset + first.size
            for _ in 1..<3 {
                if start + next + FrameHeader.length > file.size { return next > first.size + offset || isFirst(offset) }
                guard let header = FrameHeader(bytes, at: next), header == first else {
                    return isFirst(offset) && ID3Span.isTrailer(bytes, at: next)
                }
                next += header.size
            }
            return true
        }
    }
}
