/// FNV-1a of 64 bits over four-byte words, the same in every process.
struct StableHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Adds the bytes, and their count.
    mutating func add(_ bytes: RawSpan) {
        bytes.withUnsafeBytes { bytes in
            let words = bytes.count / 4
            for word in 0..<words { mix(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: word * 4, as: UInt32.self))) }
            for byte in bytes[(words * 4)...] { mix(UInt32(byte)) }
            mix(UInt32(truncatingIfNeeded: bytes.count))
        }
    }

    private mutating func mix(_ word: UInt32) {
        value = (value ^ UInt64(word)) &* 0x100_0000_01B3
    }

    /// The upper half folded onto the lower.
    var folded: UInt32 { UInt32(truncatingIfNeeded: value ^ value >> 32) }
}
