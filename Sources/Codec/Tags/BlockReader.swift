import Audio

/// Reads forwards through bytes in memory. If fewer are left than requested, it returns nil and does not move.
struct BlockReader {
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = ArraySlice(bytes)
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func number(_ count: Int, _ order: ByteOrder) -> Int? {
        take(count)?.number(at: 0, count, order)
    }

    /// The bytes before the next terminator, a zero of `unit` bytes at a whole unit, and moves behind it; all bytes if there is
    /// none.
    mutating func takeTerminated(unit: Int = 1) -> ArraySlice<UInt8> {
        var end = rest.startIndex
        while rest.endIndex - end >= unit {
            if rest[end..<(end + unit)].allSatisfy({ $0 == 0 }) {
                defer { rest = rest[(end + unit)...] }
                return rest[..<end]
            }
            end += unit
        }
        defer { rest = [] }
        return rest
    }
}
