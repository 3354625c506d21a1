/// Cuts texts so that together they fit a header of constant size: short ones stay whole, long ones share the rest.
enum TextBudget {
    /// The texts in their order, each cut after a Unicode scalar, all of them together at most `budget` bytes of UTF-8.
    ///
    /// NUL characters are removed: ID3v2.4 §4.2 separates values by them.
    static func fit(_ texts: [String], into budget: Int) -> [[UInt8]] {
        var fitted = texts.map { text in text.utf8.filter { $0 != 0 } }
        var rest = max(0, budget)
        let shortestFirst = fitted.indices.sorted { fitted[$0].count < fitted[$1].count }
        for (position, index) in shortestFirst.enumerated() {
            fitted[index] = prefix(of: fitted[index], upTo: rest / (fitted.count - position))
            rest -= fitted[index].count
        }
        return fitted
    }

    private static func prefix(of utf8: [UInt8], upTo limit: Int) -> [UInt8] {
        guard utf8.count > limit else { return utf8 }
        var end = limit
        while end > 0, utf8[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(utf8[..<end])
    }
}
