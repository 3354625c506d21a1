/// Scores of items: a dense array, and which of them are above 0.
public struct Scores: Sendable {
    /// By number of the item.
    public private(set) var values: [Float]
    /// Numbers of the items that have a score, each once, in no order.
    public private(set) var items: [Int32] = []

    /// - Parameter count: items have numbers below this.
    public init(count: Int) { values = [Float](repeating: 0, count: max(0, count)) }

    /// - Parameters:
    ///   - values: by number of the item; not below 0, and 0 for those that are not among `items`.
    ///   - items: each once.
    init(values: [Float], items: [Int32]) {
        self.values = values
        self.items = items.filter { values[Int($0)] > 0 }
    }

    /// The score of an item; 0 without one.
    public subscript(item: Int32) -> Float {
        item >= 0 && item < values.count ? values[Int(item)] : 0
    }

    /// Adds to a score. `item` must be within the count, `amount` above 0.
    mutating func add(_ amount: Float, to item: Int32) {
        if values[Int(item)] == 0 { items.append(item) }
        values[Int(item)] += amount
    }

    /// Adds to a score, whatever the item and the amount: what is out of range or not above 0 changes nothing.
    public mutating func raise(_ item: Int32, by amount: Float) {
        if item >= 0, item < values.count, amount > 0, amount.isFinite { add(amount, to: item) }
    }

    /// Multiplies each score; takes out those that fall to 0 or are not finite.
    mutating func scale(_ factor: (Int32) -> Float) {
        items = items.filter { item in
            let scaled = values[Int(item)] * factor(item)
            values[Int(item)] = scaled > 0 && scaled.isFinite ? scaled : 0
            return values[Int(item)] > 0
        }
    }

    /// The best scores, best first; of equal ones the lower number first.
    ///
    /// - Parameter isAllowed: is asked once for each item that would be among them.
    public func best(_ count: Int, where isAllowed: (Int32) -> Bool = { _ in true }) -> [Scored] {
        var heap = BestHeap(capacity: count)
        for item in items {
            let scored = Scored(item: item, score: values[Int(item)])
            if heap.takes(scored), isAllowed(item) { heap.insert(scored) }
        }
        return heap.sorted()
    }

    /// The mean of the 20 best: what scores of two kinds are divided by before they are added.
    var level: Float { Self.level(of: best(20)) }

    static func level(of best: [Scored]) -> Float {
        best.isEmpty ? 0 : best.reduce(0) { $0 + $1.score } / Float(best.count)
    }
}
