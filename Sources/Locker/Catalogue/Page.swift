/// Some items of a list, in its order.
public struct Page<Item: Sendable>: Sendable {
    public var items: [Item]
    /// The cursor of the next page; nil on the last page.
    public var next: String?
    /// Items on all pages; nil unless the page was asked for by its place.
    public var total: Int?

    public init(items: [Item], next: String? = nil, total: Int? = nil) {
        self.items = items
        self.next = next
        self.total = total
    }
}

extension Page: Equatable where Item: Equatable {}

extension Page {
    /// The page with other items.
    func with<Other>(_ others: [Other]) -> Page<Other> { Page<Other>(items: others, next: next, total: total) }
}
