/// The 16 bytes before every message's body, little endian: kind (2), flags (2, none defined: 0), body length (4), job number (8).
struct MessageHeader: Sendable, Hashable {
    static let byteCount = 16

    let kind: MessageKind
    /// Bytes of the body that follows.
    let length: Int
    /// The number of the job a message belongs to; 0 if it belongs to none.
    let job: UInt64

    init(_ kind: MessageKind, length: Int, job: UInt64 = 0) {
        self.kind = kind
        self.length = length
        self.job = job
    }

    /// Reads the header's two 64-bit words; nil for an unknown kind or a flag.
    init?(words: (UInt64, UInt64)) {
        guard words.0 >> 16 & 0xFFFF == 0, let kind = MessageKind(rawValue: UInt16(truncatingIfNeeded: words.0)) else {
            return nil
        }
        self.init(kind, length: Int(words.0 >> 32), job: words.1)
    }

    /// The header as two 64-bit words in the byte order of the wire; `length` must be below 4 GiB.
    var words: (UInt64, UInt64) {
        ((UInt64(kind.rawValue) | UInt64(length) << 32).littleEndian, job.littleEndian)
    }
}
