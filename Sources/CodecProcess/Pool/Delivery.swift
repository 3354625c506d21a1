import Audio

/// The bytes of one job that were delivered, over all its attempts.
struct Delivery {
    enum Step: Equatable {
        /// New bytes, to be delivered.
        case deliver([UInt8])
        /// All of them were delivered in an earlier attempt.
        case repeated
        /// More bytes than the chunk has.
        case tooMany
        /// Not the bytes that an earlier attempt delivered.
        case differs
    }

    private let byteCount: Int
    private let isExact: Bool
    private let frames: Int?
    private var delivered: [UInt8] = []
    private var position = 0

    /// - Parameters:
    ///   - byteCount: bytes of the chunk, or the most it can have.
    ///   - isExact: whether the chunk must have exactly so many.
    ///   - frames: how many ``EncodedFrames`` it must divide into; nil if it does not.
    init(byteCount: Int, isExact: Bool = true, frames: Int? = nil) {
        self.byteCount = byteCount
        self.isExact = isExact
        self.frames = frames
    }

    /// Whether this attempt has brought the whole chunk.
    var isComplete: Bool {
        guard position == byteCount || !isExact, position == delivered.count else { return false }
        guard let frames else { return true }
        return unsafe EncodedFrames(delivered.span.bytes)?.sizes.count == frames
    }

    /// The next attempt begins at the chunk's first byte.
    mutating func restart() {
        position = 0
    }

    mutating func receive(_ bytes: [UInt8]) -> Step {
        guard bytes.count <= byteCount - position else { return .tooMany }
        let known = min(bytes.count, delivered.count - position)
        guard bytes.prefix(known).elementsEqual(delivered[position..<(position + known)]) else { return .differs }
        position += bytes.count
        guard known < bytes.count else { return .repeated }
        let fresh = known == 0 ? bytes : Array(bytes[known...])
        delivered.append(contentsOf: fresh)
        return .deliver(fresh)
    }
}
