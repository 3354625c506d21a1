/// One whole message as it came from a child.
struct Message: Sendable, Hashable {
    let kind: MessageKind
    let job: UInt64
    let body: [UInt8]
}

extension Message {
    /// Bounds on one message's body, in bytes. Senders split longer ones, receivers reject them.
    enum Limit {
        /// Frames or packet bytes: small enough that readers get them while the chunk is made.
        static let piece = 1 << 16
        /// Text: a reason, the libraries' versions.
        static let text = 1 << 12
        /// A whole job: three seconds of the widest signal, and room in the worker's address space.
        static let job = 1 << 27
        /// A TrackMap has a set-up header, tags, and some bytes for each packet, of which each byte of the file may be one.
        static func trackMap(fileBytes: Int) -> Int { 1 << 25 + min(max(0, fileBytes), 1 << 24) * 16 }
    }
}

/// The 16 bytes before every message's body, little endian: kind (2), flags (2, none defined: 0), body length (4), job
/// number (8).
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

/// The kind of a message on a child's pipe. `render` goes to the child; all others come from it.
enum MessageKind: UInt16, Sendable, CaseIterable {
    /// A `RenderJob`, length-prefixed, then the packets' bytes.
    case render = 1
    /// The child is in the sandbox and has read nothing from outside. Holds a worker's render fingerprint, or the libraries
    /// of ingest's map.
    case ready
    /// The next bytes of the chunk.
    case frames
    /// The job is done. Holds the worker's CPU time for it, in nanoseconds.
    case done
    /// The job is bad. Holds the reason, as text.
    case failed

    case progress
    case packetBytes
    case artBytes
    case accepted
    case refused
    /// A `SoundMeasures`, as it is stored.
    case measured
}

/// A child's message breaks the protocol. The child is ended, and its later messages are ignored.
struct ProtocolViolation: Error, Equatable {}
