/// Keeps the best of many: a binary heap with the worst of them at its root.
struct BestHeap {
    private let capacity: Int
    private var heap: [Scored] = []

    init(capacity: Int) { self.capacity = max(0, capacity) }

    /// Whether an item would be among the best so far.
    func takes(_ scored: Scored) -> Bool {
        heap.count < capacity || capacity > 0 && scored.isBefore(heap[0])
    }

    mutating func insert(_ scored: Scored) {
        guard takes(scored) else { return }
        if heap.count < capacity {
            heap.append(scored)
            rise()
        } else {
            heap[0] = scored
            sink()
        }
    }

    /// Best first.
    func sorted() -> [Scored] { heap.sorted { $0.isBefore($1) } }

    private mutating func rise() {
        var child = heap.count - 1
        while child > 0, heap[(child - 1) / 2].isBefore(heap[child]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var worst = parent
            for child in 2 * parent + 1...2 * parent + 2 where child < heap.count && heap[worst].isBefore(heap[child]) {
                worst = child
            }
            if worst == parent { return }
            heap.swapAt(parent, worst)
            parent = worst
        }
    }
}
