extension [UInt8] {
    /// Appends an ISO base media box (ISO 14496-12 §4.2): its size, its four-letter type, and what `fill` appends.
    mutating func appendBox(_ type: String, _ fill: (inout [UInt8]) -> Void) {
        let start = count
        append(bigEndian: 0 as UInt32)
        append(contentsOf: type.utf8)
        fill(&self)
        let size = count - start
        for byte in 0..<4 { self[start + byte] = UInt8(truncatingIfNeeded: size >> (24 - 8 * byte)) }
    }

    /// Appends a full box: a box whose content begins with a version and 24 bits of flags.
    mutating func appendBox(_ type: String, version: UInt8, flags: UInt32 = 0, _ fill: (inout [UInt8]) -> Void) {
        appendBox(type) { bytes in
            bytes.append(bigEndian: UInt32(version) << 24 | flags)
            fill(&bytes)
        }
    }

    mutating func append(zeros count: Int) {
        append(contentsOf: repeatElement(0, count: count))
    }
}
