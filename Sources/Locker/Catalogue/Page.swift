/// Some items of a list, in its order.
public struct Page<Item: Sendable>: Sendable {
    public var items: [Item]
    /// What to ask the next page with; nil on the last.
    public var next: String?

    public init(items: [Item], next: String? = nil) {
        self.items = items
        self.next = next
    }
}

extension Page: Equatable where Item: Equatable {}

extension Page {
    /// Others in its items' place.
    func with<Other>(_ others: [Other]) -> Page<Other> { Page<Other>(items: others, next: next) }
}
