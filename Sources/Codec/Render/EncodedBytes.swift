import Audio

/// Encoded bytes on their way out: gathered in one buffer and passed on in pieces.
struct EncodedBytes: ~Copyable {
    /// More than any encoder writes in one call: a verbatim FLAC frame of 4608 stereo samples of 24 bits has 27,650 bytes.
    static let room = 1 << 15

    private let memory: UnsafeMutablePointer<UInt8>
    private var pending = 0
    private var pieceBytes = 0
    private var laterPieceBytes = 0
    /// Bytes gathered since ``prepare(firstPiece:laterPieces:)``.
    private(set) var total = 0

    init() {
        memory = .allocate(capacity: 4 * Self.room)
    }

    deinit {
        memory.deallocate()
    }

    /// Starts a chunk whose first piece is passed on at `firstPiece` bytes and every later one at `laterPieces`.
    mutating func prepare(firstPiece: Int, laterPieces: Int) {
        (pending, total) = (0, 0)
        // The output of one call always fits behind a piece that is not due yet.
        pieceBytes = min(firstPiece, 2 * Self.room)
        laterPieceBytes = min(laterPieces, 2 * Self.room)
    }

    /// Has everything gathered so far passed on by the next ``emit(isLast:to:)``.
    mutating func endPiece() { pieceBytes = 0 }

    /// Where an encoder may write up to ``room`` bytes.
    var end: UnsafeMutablePointer<UInt8> { memory + pending }

    mutating func append(_ count: Int) {
        pending += count
        total += count
    }

    /// Appends a frame behind its size, as in ``EncodedFrames``.
    mutating func append(sized frame: UnsafeBufferPointer<UInt8>) throws(RenderError) {
        guard let start = frame.baseAddress, frame.count <= min(Int(UInt16.max), Self.room - EncodedFrames.prefixBytes) else {
            throw RenderError("a frame has \(frame.count) bytes")
        }
        end[0] = UInt8(truncatingIfNeeded: frame.count >> 8)
        end[1] = UInt8(truncatingIfNeeded: frame.count)
        (end + EncodedFrames.prefixBytes).update(from: start, count: frame.count)
        append(EncodedFrames.prefixBytes + frame.count)
    }

    /// Appends zeros: at most ``room``.
    mutating func fill(_ count: Int) {
        end.update(repeating: 0, count: count)
        append(count)
    }

    /// Passes on the pieces that are due, or everything at the end of the chunk.
    mutating func emit(isLast: Bool, to receive: (RawSpan) -> Void) {
        guard pending > 0, isLast || pending >= pieceBytes else { return }
        receive(UnsafeRawBufferPointer(start: memory, count: pending).bytes)
        pending = 0
        pieceBytes = laterPieceBytes
    }
}
