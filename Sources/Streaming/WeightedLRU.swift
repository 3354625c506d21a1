/// A least-recently-used cache whose entries' weights never add up to more than its budget.
///
/// Every operation is O(1) amortised. An entry heavier than the whole budget is not kept.
struct WeightedLRU<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Node {
        let key: Key
        var value: Value
        var weight: Int
        var newer: Int?
        var older: Int?
    }

    let budget: Int
    private(set) var weight = 0
    private var nodes: [Node?] = []
    private var free: [Int] = []
    private var positions: [Key: Int] = [:]
    private var newest: Int?
    private var oldest: Int?

    init(budget: Int) {
        self.budget = max(0, budget)
    }

    var count: Int { positions.count }

    /// The entry that is evicted next.
    var leastRecentlyUsed: (key: Key, weight: Int)? {
        guard let oldest, let node = nodes[oldest] else { return nil }
        return (node.key, node.weight)
    }

    func weight(forKey key: Key) -> Int? {
        positions[key].flatMap { nodes[$0]?.weight }
    }

    /// The value, which becomes the most recently used.
    mutating func value(forKey key: Key) -> Value? {
        guard let position = positions[key], let node = nodes[position] else { return nil }
        unlink(position)
        link(position)
        return node.value
    }

    /// Stores `value`, replacing any other under `key`, and evicts the least recently used until the budget holds.
    mutating func insert(_ value: Value, forKey key: Key, weight: Int) {
        if weight <= budget, let position = positions[key], let known = nodes[position], known.weight == weight {
            nodes[position]?.value = value
            unlink(position)
            link(position)
            return
        }
        remove(key)
        guard weight <= budget else { return }
        while self.weight > budget - weight, let last = oldest, let node = nodes[last] { remove(node.key) }
        let node = Node(key: key, value: value, weight: weight)
        let position: Int
        if let reused = free.popLast() {
            position = reused
            nodes[reused] = node
        } else {
            position = nodes.count
            nodes.append(node)
        }
        positions[key] = position
        self.weight += weight
        link(position)
    }

    mutating func remove(_ key: Key) {
        guard let position = positions.removeValue(forKey: key), let node = nodes[position] else { return }
        unlink(position)
        weight -= node.weight
        nodes[position] = nil
        free.append(position)
    }

    private mutating func link(_ position: Int) {
        nodes[position]?.older = newest
        nodes[position]?.newer = nil
        if let newest { nodes[newest]?.newer = position }
        newest = position
        if oldest == nil { oldest = position }
    }

    private mutating func unlink(_ position: Int) {
        guard let node = nodes[position] else { return }
        if let newer = node.newer { nodes[newer]?.older = node.older } else { newest = node.older }
        if let older = node.older { nodes[older]?.newer = node.newer } else { oldest = node.newer }
    }
}
