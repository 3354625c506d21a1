/// Some items of a list, in its order.
public struct Page<Item: Sendable>: Sendable {
    public var items: [Item]
    /// The cursor of the next page; nil on the last page.
    public var next: String?

    public init(items: [Item], next: String? = nil) {
        self.items = items
        self.next = next
    }
}

extension Page: Equatable where Item: Equatable {}

extension Page {
    /// The page with other items.
    func with<Other>(_ others: [Other]) -> Page<Other> { Page<Other>(items: others, next: next) }
}
