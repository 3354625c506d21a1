extension [UInt8] {
    /// Appends an integer most significant byte first, as MPEG and ID3 store it.
    mutating func append<Value: FixedWidthInteger>(bigEndian value: Value) {
        for shift in stride(from: Value.bitWidth - 8, through: 0, by: -8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    /// Appends an integer least significant byte first, as Ogg stores it.
    mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        for shift in stride(from: 0, to: Value.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func append(contentsOf bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }

    /// Appends zeros up to a total of `count` bytes.
    mutating func pad(to count: Int) {
        append(contentsOf: repeatElement(0, count: Swift.max(0, count - self.count)))
    }
}
