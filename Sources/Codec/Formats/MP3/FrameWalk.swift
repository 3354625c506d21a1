/// Where the frames of an MP3 file lie: all of one version, sample rate and number of channels, without other data between them.
///
/// ID3 tags in the middle, junk, and the Info frames of concatenated files are skipped here. Otherwise libavformat would
/// resynchronise and might take such bytes for frames. In a free-format file the first Info frame is left out too, because
/// ``ADUReader`` makes the packets.
struct FrameWalk {
    private static let window = 1 << 17

    /// Runs of whole frames, in bytes of the file.
    private(set) var runs: [Range<Int>] = []
    /// Whether the last frame is truncated. A decoder would invent the rest, so the frame is left out.
    private(set) var isCut = false
    /// Bytes between the first and the last frame that are neither frames nor tags.
    private(set) var junk = 0
    /// Where another version, sample rate or number of channels begins.
    private(set) var change: Int?
    /// Info frames behind the first frame: another file was appended.
    private(set) var appendedTracks = 0

    private let file: InputFile
    private let freeFormat: FreeFormat?
    private let end: Int
    private var bytes: [UInt8] = []
    private var base = 0

    /// Walks `file` from the frame at `start` to `end`.
    init(_ file: InputFile, from start: Int, to end: Int, _ freeFormat: FreeFormat? = nil) {
        self.file = file
        self.freeFormat = freeFormat
        self.end = end
        var position = start
        load(position)
        guard var first = header(at: position) else { return }
        var hasSound = false
        while position + 4 <= end {
            load(position)
            if let header = header(at: position), goesOn(first, with: header, at: position, hasSound) {
                let next = position + header.size
                guard next <= end || runs.isEmpty else {
                    isCut = true
                    return
                }
                let isInfo = isInfo(at: position, header.size)
                if position > start || freeFormat != nil, isInfo {
                    if position > start { appendedTracks += 1 }
                } else {
                    append(position..<min(next, end))
                }
                if !isInfo, !hasSound { (first, hasSound) = (header, true) }
                position = next
            } else if let size = ID3Span.size(of: bytes[(position - base)...]) {
                position = min(end, position + size)
            } else if let header = header(at: position), header.container == .mp3, isFollowed(header, at: position) {
                change = position
                return
            } else {
                let next = resynchronise(from: position + 1, like: first)
                // Bytes without a frame behind them are the file's tail.
                if next < end { junk += next - position }
                position = next
            }
        }
    }

    /// Whether the frame is of the format of `first`. An Info frame may have another number of channels than the sound behind it.
    private func goesOn(_ first: FrameHeader, with header: FrameHeader, at position: Int, _ hasSound: Bool) -> Bool {
        if header.hasFormat(of: first) { return true }
        guard header == first else { return false }
        guard hasSound else { return true }
        return isInfo(at: position, header.size) && self.header(at: position + header.size)?.hasFormat(of: first) ?? false
    }

    private mutating func append(_ run: Range<Int>) {
        if let last = runs.last, last.upperBound == run.lowerBound {
            runs[runs.count - 1] = last.lowerBound..<run.upperBound
        } else {
            runs.append(run)
        }
    }

    /// Makes the next 64 KiB from `position` on readable.
    private mutating func load(_ position: Int) {
        guard position < base || position + Self.window / 2 > base + bytes.count,
            base + bytes.count < end || position < base || bytes.isEmpty
        else { return }
        base = position
        bytes = file.bytes(at: position, count: min(Self.window, end - position))
    }

    private func header(at position: Int) -> FrameHeader? {
        let offset = position - base
        if offset + FrameHeader.length <= bytes.count { return FrameHeader(bytes, at: offset, freeFormat) }
        // A header in the file's last bytes.
        return FrameHeader(Array(bytes.dropFirst(offset)) + [UInt8](repeating: 0, count: FrameHeader.length), at: 0, freeFormat)
    }

    private func isFollowed(_ header: FrameHeader, at position: Int) -> Bool {
        let next = position + header.size
        return next < end && self.header(at: next)?.hasFormat(of: header) ?? false
    }

    /// Whether frames of another format than `first` begin here. Three are required: junk looks like two now and then.
    private func beginsOther(_ header: FrameHeader, than first: FrameHeader, at position: Int) -> Bool {
        guard header.container == .mp3, !header.hasFormat(of: first), isFollowed(header, at: position),
            let second = self.header(at: position + header.size)
        else { return false }
        let third = position + header.size + second.size
        return third == end || isFollowed(second, at: position + header.size)
    }

    /// Whether the frame is a Xing, Info or VBRI header instead of sound. Its mark follows the side information.
    private func isInfo(at position: Int, _ size: Int) -> Bool {
        let frame = bytes.dropFirst(position - base).prefix(min(size, 48))
        return [(13, "Xing"), (21, "Xing"), (36, "Xing"), (13, "Info"), (21, "Info"), (36, "Info"), (36, "VBRI")].contains {
            frame.dropFirst($0.0).starts(with: $0.1.utf8)
        }
    }

    /// The next position with a frame like `first` that another one follows, or with frames of another format, or the end.
    private mutating func resynchronise(from position: Int, like first: FrameHeader) -> Int {
        var position = position
        while position + 4 <= end {
            load(position)
            let offset = position - base
            let limit = min(bytes.count, offset + Self.window / 4)
            // The file system does not give these bytes.
            guard offset < limit else { return end }
            guard let sync = bytes[offset..<limit].firstIndex(of: 0xFF) else {
                position = base + limit
                continue
            }
            position = base + sync
            if let header = header(at: position) {
                if header.hasFormat(of: first), isFollowed(header, at: position) { return position }
                if freeFormat == nil, beginsOther(header, than: first, at: position) { return position }
            }
            if ID3Span.size(of: bytes[sync...]) != nil { return position }
            position += 1
        }
        return end
    }
}
