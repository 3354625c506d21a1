package enum ByteOrder {
    case big, little
}

extension RandomAccessCollection where Element == UInt8, Index == Int {
    /// Returns the `count` bytes at `offset` as an unsigned number, at most `Int.max`; nil if there are fewer.
    package func number(at offset: Int, _ count: Int, _ order: ByteOrder) -> Int? {
        guard offset >= 0, count > 0, self.count - count >= offset else { return nil }
        let bytes = self[(startIndex + offset)..<(startIndex + offset + count)]
        let value: UInt64
        switch order {
        case .big: value = bytes.reduce(0) { $0 << 8 | UInt64($1) }
        case .little: value = bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        return Int(clamping: value)
    }
}
