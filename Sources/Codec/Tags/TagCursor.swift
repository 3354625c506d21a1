import Audio

/// Reads forwards through one range of the file, or through several that belong together (the pages of an Ogg packet).
///
/// Holds one buffer. Skipped bytes are not read, except under unsynchronisation, whose length only reading shows.
struct TagCursor {
    private static let bufferBytes = 1 << 14

    private let input: TagInput
    private var stretches: ArraySlice<Range<Int>>
    private let isUnsynchronised: Bool
    private var followsFF = false
    private var buffer: [UInt8] = []
    private var next = 0
    private var unread: Int

    /// A cursor over `stretches`. If they are `unsynchronised`, it removes the zero after each 0xFF (ID3v2.4 §6.1).
    init(_ input: TagInput, _ stretches: [Range<Int>], unsynchronised: Bool = false) {
        self.input = input
        self.stretches = stretches.map { $0.clamped(to: 0..<input.size) }[...]
        isUnsynchronised = unsynchronised
        unread = self.stretches.reduce(0) { $0 + $1.count }
    }

    init(_ input: TagInput, _ stretch: Range<Int>, unsynchronised: Bool = false) {
        self.init(input, [stretch], unsynchronised: unsynchronised)
    }

    /// Bytes left, at most.
    var remaining: Int { unread + buffer.count - next }

    /// The next bytes, fewer than `count` at the end.
    mutating func read(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(max(0, min(count, remaining)))
        while bytes.count < count, next < buffer.count || load(count - bytes.count) {
            let piece = buffer[next...].prefix(count - bytes.count)
            bytes += piece
            next += piece.count
        }
        return bytes
    }

    mutating func skip(_ count: Int) {
        var count = count
        while count > 0 {
            let buffered = min(count, buffer.count - next)
            next += buffered
            count -= buffered
            guard count > 0 else { return }
            if isUnsynchronised {
                guard load(count) else { return }
            } else {
                guard let stretch = stretches.first else { return }
                let skipped = min(count, stretch.count)
                pass(skipped, of: stretch)
                count -= skipped
            }
        }
    }

    /// The next `count` bytes as a number; nil at the end.
    mutating func number(_ count: Int, _ order: ByteOrder) -> Int? {
        read(count).number(at: 0, count, order)
    }

    /// Fills the empty buffer. Returns false at the end.
    private mutating func load(_ wanted: Int) -> Bool {
        repeat {
            while let first = stretches.first, first.isEmpty { stretches.removeFirst() }
            guard let stretch = stretches.first else { return false }
            buffer = input.bytes(at: stretch.lowerBound, count: min(max(wanted, Self.bufferBytes), 1 << 20, stretch.count))
            next = 0
            if buffer.isEmpty {
                stretches = []
                unread = 0
                return false
            }
            pass(buffer.count, of: stretch)
            if isUnsynchronised { buffer = synchronised(buffer) }
        } while buffer.isEmpty
        return true
    }

    private mutating func pass(_ count: Int, of stretch: Range<Int>) {
        unread -= count
        stretches[stretches.startIndex] = (stretch.lowerBound + count)..<stretch.upperBound
        if count == stretch.count { stretches.removeFirst() }
    }

    private mutating func synchronised(_ raw: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(raw.count)
        for byte in raw {
            let isStuffing = followsFF && byte == 0
            followsFF = byte == 0xFF
            if !isStuffing { bytes.append(byte) }
        }
        return bytes
    }
}
