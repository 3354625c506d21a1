import Locker
import Yams

/// One offer of a feed while it is read: its members, and what is wrong with them.
struct OfferEntry {
    private static let members: Set<String> = [
        "id", "kind", "title", "text", "by", "price", "url", "picture", "date", "artists", "tags", "regions", "from", "to", "plan"
    ]
    /// Bytes of the longest texts of each kind.
    private static let (word, sentence, address) = (120, 600, 2000)
    /// Items of the longest list.
    private static let mostItems = 50

    let line: Int
    var problems: [OfferProblem] = []
    private var nodes: [String: Node] = [:]

    init(_ mapping: Node.Mapping) {
        line = mapping.first?.key.mark?.line ?? mapping.mark?.line ?? 1
        for (key, value) in mapping {
            if let name = key.string, Self.members.contains(name) {
                nodes[name] = value
            } else {
                problems.append(
                    OfferProblem("an offer has no member \(OfferProblem.quoted(key.string ?? ""))", line: key.mark?.line ?? line))
            }
        }
    }

    /// Nil if something that an offer needs is missing or wrong. ``problems`` says what.
    mutating func offer() -> Offer? {
        let id = required("id", upTo: 64) {
            Self.isIdentifier($0) ? nil : "letters, digits, ., _ and -, beginning with a letter or digit"
        }
        let kinds = Offer.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        let kind = required("kind", upTo: 10) { Offer.Kind(rawValue: $0) == nil ? "one of \(kinds)" : nil }
        let title = required("title", upTo: Self.word) { _ in nil }
        let url = required("url", upTo: Self.address) { WebAddress.isValid($0) ? nil : "an address of http or https, in ASCII" }
        let (from, to, date) = (day("from"), day("to"), day("date"))
        if let from, let to, from.number > to.number {
            problems.append(OfferProblem("to: is before from", line: place(of: "to")))
        }
        let picture = optional("picture", upTo: 100) { OfferPicture.isName($0) ? nil : "the name of a file beside the feed" }
        let regions = list("regions") { Self.isRegion($0) ? nil : "regions such as DE or DE-BY" }
        let last = min(to?.number ?? .max, date?.number ?? .max)
        let first = min(from?.number ?? 0, last)
        let (text, by) = (optional("text", upTo: Self.sentence) { _ in nil }, optional("by", upTo: Self.word) { _ in nil })
        let (price, plan) = (optional("price", upTo: Self.word) { _ in nil }, optional("plan", upTo: Self.word) { _ in nil })
        let (artists, tags) = (list("artists") { _ in nil }, list("tags") { _ in nil })
        guard let id, let kind = kind.flatMap(Offer.Kind.init(rawValue:)), let title, let url else { return nil }
        return Offer(
            id: id, kind: kind, title: title, text: text ?? "", by: by, price: price, url: url, picture: picture,
            date: date?.text, artists: artists, tags: tags, regions: regions, days: first...last, plan: plan, line: line)
    }

    private func place(of name: String) -> Int { nodes[name]?.mark?.line ?? line }

    /// - Parameter wanted: says what the text must be; nil if it is that.
    private mutating func required(_ name: String, upTo most: Int, _ wanted: (String) -> String?) -> String? {
        guard let node = nodes[name], !node.isAbsent else {
            problems.append(OfferProblem("\(name): is missing", line: line))
            return nil
        }
        return text(name, node, upTo: most, wanted)
    }

    private mutating func optional(_ name: String, upTo most: Int, _ wanted: (String) -> String?) -> String? {
        guard let node = nodes[name], !node.isAbsent else { return nil }
        return text(name, node, upTo: most, wanted)
    }

    private mutating func list(_ name: String, _ wanted: (String) -> String?) -> [String] {
        guard let node = nodes[name], !node.isAbsent else { return [] }
        guard case .sequence(let items) = node else { return text(name, node, upTo: Self.word, wanted).map { [$0] } ?? [] }
        guard items.count <= Self.mostItems else {
            problems.append(OfferProblem("\(name): may have \(Self.mostItems) items, not \(items.count)", line: place(of: name)))
            return []
        }
        var texts: [String] = []
        for item in items { if let text = text(name, item, upTo: Self.word, wanted) { texts.append(text) } }
        return texts
    }

    /// A text on one line, without white space around it.
    private mutating func text(_ name: String, _ node: Node, upTo most: Int, _ wanted: (String) -> String?) -> String? {
        func refuse(_ problem: String) -> String? {
            problems.append(OfferProblem("\(name): \(problem)", line: node.mark?.line ?? line))
            return nil
        }
        guard case .scalar(let scalar) = node else { return refuse("must be a text") }
        let text = scalar.string.split { $0.isNewline || $0 == " " || $0 == "\t" }.joined(separator: " ")
        guard !text.isEmpty else { return refuse("is empty") }
        guard text.utf8.count <= most else { return refuse("has \(text.utf8.count) bytes, but may have \(most)") }
        if let fault = OfferText.fault(in: text.unicodeScalars) { return refuse(fault) }
        if let wanted = wanted(text) { return refuse("\(OfferProblem.quoted(text)) must be \(wanted)") }
        return text
    }

    /// A date, and which day since 1970 it is.
    private mutating func day(_ name: String) -> (text: String, number: Int)? {
        let text = optional(name, upTo: Self.word) { Self.number(ofDay: $0) == nil ? "a date such as 2026-11-30" : nil }
        return text.flatMap { text in Self.number(ofDay: text).map { (text, $0) } }
    }

    /// Days before 1970 are no dates of offers.
    private static func number(ofDay text: String) -> Int? { CalendarDay.number(text).flatMap { $0 >= 0 ? $0 : nil } }

    private static func isIdentifier(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        return scalars.first?.isLetterOrDigit == true && scalars.allSatisfy { $0.isLetterOrDigit || [".", "_", "-"].contains($0) }
    }

    /// A country of ISO 3166-1, or a part of it as ISO 3166-2 has it.
    static func isRegion(_ text: String) -> Bool { text.wholeMatch(of: #/[A-Z]{2}(-[A-Z0-9]{1,3})?/#) != nil }
}
