/// Appends little-endian integers, LEB128 variable-length integers and length-prefixed fields to a byte array.
///
/// The stored TrackMap and the worker protocol are both written with it, so one reader and one writer are fuzzed.
public struct ByteWriter: Sendable {
    public private(set) var bytes: [UInt8]

    public init(reservingCapacity capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    public mutating func write(_ value: some FixedWidthInteger & UnsignedInteger) {
        var rest = value
        for _ in 0..<(value.bitWidth / 8) {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest = rest.bitWidth == 8 ? 0 : rest >> 8
        }
    }

    /// Writes a non-negative integer as LEB128: seven bits a byte, lowest first. A negative value is written as 0.
    public mutating func writeVariable(_ value: Int) {
        var rest = UInt64(max(0, value))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    /// Writes a signed integer as zigzag LEB128.
    public mutating func writeSigned(_ value: Int) {
        writeVariable(value < 0 ? -(value + 1) * 2 + 1 : value * 2)
    }

    /// Writes a byte that says whether there is a number, and its eight bytes. One that is not finite counts as missing.
    public mutating func write(_ number: Double?) {
        let number = number.flatMap { $0.isFinite ? $0 : nil }
        write(UInt8(number == nil ? 0 : 1))
        if let number { write(number.bitPattern) }
    }

    public mutating func writeField(_ field: [UInt8]) {
        writeVariable(field.count)
        bytes.append(contentsOf: field)
    }

    public mutating func writeField(_ text: String) {
        writeField(Array(text.utf8))
    }
}
