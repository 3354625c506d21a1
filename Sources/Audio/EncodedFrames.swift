/// Frames of a codec whose frame sizes are known only after encoding, as the worker sends them and the chunk store keeps them:
/// each frame follows its size in bytes, a big-endian 16-bit number. Zeros behind the last frame fill a chunk up to its size.
public struct EncodedFrames: Sendable, Hashable {
    /// Bytes of a size.
    public static let prefixBytes = 2

    /// Bytes of each frame, in order.
    public private(set) var sizes: [Int] = []

    /// The frames of a chunk; nil if the bytes do not divide into frames and zeros.
    public init?(_ chunk: RawSpan) {
        self.init(beginning: chunk)
        var offset = sizes.reduce(0) { $0 + Self.prefixBytes + $1 }
        while offset < chunk.byteCount {
            guard chunk.byte(at: offset) == 0 else { return nil }
            offset += 1
        }
    }

    /// The whole frames among the first bytes of a chunk.
    public init(beginning chunk: RawSpan) {
        var offset = 0
        while offset + Self.prefixBytes <= chunk.byteCount {
            let size = Int(chunk.byte(at: offset)) << 8 | Int(chunk.byte(at: offset + 1))
            offset += Self.prefixBytes + size
            guard size > 0, offset <= chunk.byteCount else { return }
            sizes.append(size)
        }
    }
}

extension RawSpan {
    /// The byte at `offset`, which must lie inside.
    fileprivate func byte(at offset: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
