/// Runs `body` on every item, `width` at once, and gives the results in the items' order.
@discardableResult
public func inParallel<Item: Sendable, Result: Sendable>(
    _ width: Int, _ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        var rest = items.indices
        var results: [Int: Result] = [:]
        func startNext() {
            guard let index = rest.popFirst() else { return }
            let item = items[index]
            group.addTask { (index, try await body(item)) }
        }
        for _ in 0..<width { startNext() }
        while let (index, result) = try await group.next() {
            results[index] = result
            startNext()
        }
        return items.indices.compactMap { results[$0] }
    }
}
