/// Lists of Int32 in compressed sparse rows. A list may be shorter than its place.
struct Rows: Sendable {
    /// Where each list begins, and where the last place ends.
    private(set) var starts: [Int32] = [0]
    private(set) var counts: [Int32] = []
    var values: [Int32] = []

    init() {}

    /// - Parameter starts: ascending from 0 to the count of values, one more than there are lists.
    init(starts: [Int32], values: [Int32]) {
        self.starts = starts
        self.values = values
        counts = (0..<max(0, starts.count - 1)).map { starts[$0 + 1] - starts[$0] }
    }

    var count: Int { counts.count }
    /// Values in all lists.
    var total: Int { counts.reduce(0) { $0 + Int($1) } }
    var byteCount: Int { (starts.capacity + counts.capacity + values.capacity) * MemoryLayout<Int32>.stride }

    func count(of row: Int32) -> Int {
        row >= 0 && row < counts.count ? Int(counts[Int(row)]) : 0
    }

    /// Places of a list in `values`; empty for a number that has none.
    func range(of row: Int32) -> Range<Int> {
        guard row >= 0, row < counts.count else { return 0..<0 }
        let start = Int(starts[Int(row)])
        return start..<start + Int(counts[Int(row)])
    }

    subscript(row: Int32) -> ArraySlice<Int32> { values[range(of: row)] }

    /// Takes one value out of a list. What follows it moves up, and the place at the end is overwritten.
    mutating func remove(_ value: Int32, from row: Int32) {
        let range = range(of: row)
        guard let place = values[range].firstIndex(of: value) else { return }
        for next in place + 1..<range.upperBound { values[next - 1] = values[next] }
        values[range.upperBound - 1] = -1
        counts[Int(row)] -= 1
    }

    /// Empties a list and overwrites its place.
    mutating func removeAll(from row: Int32) {
        let range = range(of: row)
        guard !range.isEmpty else { return }
        for place in range { values[place] = -1 }
        counts[Int(row)] = 0
    }
}
