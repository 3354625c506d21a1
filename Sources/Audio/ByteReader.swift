/// Reads what ``ByteWriter`` writes, from bytes that may be cut, changed or hostile.
///
/// Every read is bounds-checked and throws ``Malformed``; no length is believed before the bytes are there, so a lie about a
/// length costs no memory.
public struct ByteReader: Sendable {
    /// The bytes ended early, or a value is out of its range.
    public struct Malformed: Error, Equatable {
        /// Where it went wrong, in bytes from the start.
        public let offset: Int
    }

    private let bytes: [UInt8]
    public private(set) var offset: Int
    private let end: Int

    public init(_ bytes: [UInt8], from start: Int = 0, to end: Int? = nil) {
        self.bytes = bytes
        self.end = min(bytes.count, max(0, end ?? bytes.count))
        self.offset = min(max(0, start), self.end)
    }

    public var remaining: Int { end - offset }

    public var malformed: Malformed { Malformed(offset: offset) }

    public mutating func read<Value: FixedWidthInteger & UnsignedInteger>(_: Value.Type = Value.self) throws(Malformed) -> Value {
        let size = Value.bitWidth / 8
        guard remaining >= size else { throw malformed }
        var value: Value = 0
        for position in 0..<size {
            value |= Value(truncatingIfNeeded: bytes[offset + position]) << Value(truncatingIfNeeded: position * 8)
        }
        offset += size
        return value
    }

    /// Reads a LEB128 integer of at most `limit`.
    public mutating func readVariable(limit: Int = .max) throws(Malformed) -> Int {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard offset < end, shift < 63 else { throw malformed }
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { break }
            shift += 7
        }
        guard value <= UInt64(Int.max), Int(value) <= limit else { throw malformed }
        return Int(value)
    }

    public mutating func readSigned() throws(Malformed) -> Int {
        let folded = try readVariable(limit: .max - 1)
        return folded & 1 == 0 ? folded / 2 : -(folded / 2) - 1
    }

    /// Reads a number that may be missing, as ``ByteWriter/write(_:)-(Double?)`` wrote it.
    public mutating func readNumber() throws(Malformed) -> Double? {
        guard try read(UInt8.self) != 0 else { return nil }
        let value = Double(bitPattern: try read())
        guard value.isFinite else { throw malformed }
        return value
    }

    public mutating func readField(limit: Int = .max) throws(Malformed) -> [UInt8] {
        let count = try readVariable(limit: limit)
        guard count <= remaining else { throw malformed }
        defer { offset += count }
        return Array(bytes[offset..<(offset + count)])
    }

    public mutating func readText(limit: Int = .max) throws(Malformed) -> String {
        String(decoding: try readField(limit: limit), as: UTF8.self)
    }
}
