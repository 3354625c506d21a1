/// Frames of a codec whose frame sizes are known only after encoding, as the worker sends them and the chunk store keeps them:
/// each frame follows its size in bytes, a big-endian 16-bit number.
public struct EncodedFrames: Sendable, Hashable {
    /// Bytes of a size.
    public static let prefixBytes = 2

    /// Bytes of each frame, in order.
    public private(set) var sizes: [Int] = []

    /// The frames of a chunk; nil if the bytes do not divide into frames.
    public init?(_ chunk: RawSpan) {
        var offset = 0
        while offset < chunk.byteCount {
            guard offset + Self.prefixBytes <= chunk.byteCount else { return nil }
            let size = Int(chunk.byte(at: offset)) << 8 | Int(chunk.byte(at: offset + 1))
            offset += Self.prefixBytes + size
            guard size > 0, offset <= chunk.byteCount else { return nil }
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
