/// A value of an answer. It is written as XML or as JSON, and the two say the same: see ``SubsonicElement``.
enum SubsonicValue: Sendable {
    case text(String)
    /// A text that is an element of its own in XML, as the schema of 1.16.1 has those of information about artists and albums.
    case content(String)
    /// Written as a number of 32 bits: clients read no other. A larger one becomes the largest.
    case number(Int)
    /// A number of 64 bits: bytes, and milliseconds.
    case long(Int)
    case real(Double)
    case flag(Bool)
    case element(SubsonicElement)
    /// Repeated elements in XML, an array in JSON, however many there are.
    case list([SubsonicValue])
    /// The same for items that become elements as they are written.
    case items(SubsonicItems)
    /// A list of elements that have only a `name`.
    case names([String])

    static func list(_ elements: [SubsonicElement]) -> SubsonicValue { .list(elements.map(SubsonicValue.element)) }
    static func list<Item: Sendable>(
        _ items: [Item], _ element: @escaping @Sendable (Item) -> SubsonicElement
    ) -> SubsonicValue {
        .items(SubsonicItems(count: items.count) { element(items[$0]) })
    }
    static func texts(_ texts: [String]) -> SubsonicValue { .list(texts.map(SubsonicValue.text)) }
}

/// Items of a list, each of which is an element only while it is written: thousands of them take a fraction of the memory and of
/// the time of their elements together.
final class SubsonicItems: Sendable {
    let count: Int
    let element: @Sendable (_ place: Int) -> SubsonicElement

    init(count: Int, _ element: @escaping @Sendable (_ place: Int) -> SubsonicElement) {
        (self.count, self.element) = (count, element)
    }
}

extension SubsonicValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
    init(stringLiteral text: String) { self = .text(text) }
    init(integerLiteral number: Int) { self = .number(number) }
    init(booleanLiteral flag: Bool) { self = .flag(flag) }
}

/// Named values: an object of JSON, and an element of XML. There single values are attributes, but for the one named `value`
/// of an element without others inside, which is the element's text.
struct SubsonicElement: Sendable {
    typealias Member = (name: StaticString, value: SubsonicValue)

    private(set) var members: [Member]

    init(capacity: Int = 0) {
        members = []
        members.reserveCapacity(capacity)
    }

    mutating func add(_ name: StaticString, _ value: SubsonicValue) { members.append((name, value)) }

    // A value that is unknown is left out: strict clients refuse null.

    mutating func add(_ name: StaticString, _ text: String?) {
        if let text { members.append((name, .text(text))) }
    }

    mutating func add(_ name: StaticString, _ number: Int?) {
        if let number { members.append((name, .number(number))) }
    }

    mutating func add(_ name: StaticString, _ flag: Bool) { members.append((name, .flag(flag))) }
    mutating func add(_ name: StaticString, _ element: SubsonicElement) { members.append((name, .element(element))) }
    mutating func add(_ name: StaticString, _ elements: [SubsonicElement]) { members.append((name, .list(elements))) }
}

extension SubsonicElement: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (StaticString, SubsonicValue?)...) {
        self.init(capacity: elements.count)
        for (name, value) in elements {
            if let value { add(name, value) }
        }
    }
}
