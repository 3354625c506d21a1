import TestSupport
import Testing

@testable import Streaming

@Suite("A cache with a budget") struct WeightedLRUTests {
    @Test("A cache evicts the least recently used value")
    func evictsTheLeastRecentlyUsed() {
        var cache = WeightedLRU<Int, String>(budget: 30)
        for key in 0..<3 { cache.insert("\(key)", forKey: key, weight: 10) }
        _ = cache.value(forKey: 0)
        cache.insert("3", forKey: 3, weight: 10)
        let kept = (0..<4).filter { cache.value(forKey: $0) != nil }
        #expect(kept == [0, 2, 3])
    }

    @Test("A cache never exceeds its budget")
    func neverExceedsItsBudget() {
        var random = SeededGenerator(for: "a cache beside its model")
        var cache = WeightedLRU<Int, Int>(budget: 1000)
        var model: [(key: Int, weight: Int)] = []
        for step in 0..<20_000 {
            let key = Int.random(in: 0..<50, using: &random)
            if step.isMultiple(of: 3) {
                let found = cache.value(forKey: key) != nil
                #expect(found == model.contains { $0.key == key })
                if let position = model.firstIndex(where: { $0.key == key }) { model.append(model.remove(at: position)) }
            } else {
                let weight = Int.random(in: 0...1200, using: &random)
                cache.insert(key, forKey: key, weight: weight)
                model.removeAll { $0.key == key }
                if weight <= 1000 {
                    while model.reduce(weight, { $0 + $1.weight }) > 1000 { model.removeFirst() }
                    model.append((key, weight))
                }
            }
            #expect(cache.weight <= 1000)
            #expect(cache.weight == model.reduce(0) { $0 + $1.weight })
            #expect(cache.count == model.count)
        }
    }

    @Test("A cache without a budget keeps nothing")
    func keepsNothingWithoutABudget() {
        var cache = WeightedLRU<Int, Int>(budget: 0)
        cache.insert(1, forKey: 1, weight: 1)
        #expect(cache.value(forKey: 1) == nil)
    }
}
