import Audio

/// Why a feed of offers is refused: a sentence for the person who wrote it, and where.
struct OfferProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// Counted from 1; nil if it is not about a line.
    var line: Int?
    var text: String

    init(_ text: String, line: Int? = nil) { (self.text, self.line) = (text, line) }

    var description: String { line.map { "line \($0): \(text)" } ?? text }

    /// A value of the feed as a sentence may have it: a feed may be anyone's, and a log and a terminal are not.
    static func quoted(_ value: String) -> String {
        let plain = value.printable
        return "\"\(plain.count > 40 ? plain.prefix(40) + "…" : plain[...])\""
    }
}

/// A feed is refused as a whole: half of one may be worse than the one before.
struct RefusedOffers: Error {
    /// At least one, in the order of the lines; the first twenty.
    var problems: [OfferProblem]
}
