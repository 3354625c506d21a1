/// Encoded bytes on their way out: gathered in one buffer and handed on in pieces.
struct EncodedBytes: ~Copyable {
    /// More than any encoder writes in one call.
    static let room = 1 << 14

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

    /// Starts a chunk whose first piece is handed on at `firstPiece` bytes and every later one at `laterPieces`.
    mutating func prepare(firstPiece: Int, laterPieces: Int) {
        (pending, total) = (0, 0)
        // One call's worth always fits behind a piece that is not yet due.
        pieceBytes = min(firstPiece, 2 * Self.room)
        laterPieceBytes = min(laterPieces, 2 * Self.room)
    }

    /// Where an encoder may write up to ``room`` bytes.
    var end: UnsafeMutablePointer<UInt8> { memory + pending }

    mutating func append(_ count: Int) {
        pending += count
        total += count
    }

    /// Hands on what is due, or everything at the end of the chunk.
    mutating func emit(isLast: Bool, to receive: (RawSpan) -> Void) {
        guard pending > 0, isLast || pending >= pieceBytes else { return }
        receive(UnsafeRawBufferPointer(start: memory, count: pending).bytes)
        pending = 0
        pieceBytes = laterPieceBytes
    }
}
