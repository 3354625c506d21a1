internal import Audio

/// The artists that a text for people names, one by one.
///
/// A text alone is split only if nothing else can be meant: at `feat.`, `ft.`, `featuring`, and at semicolons. `&`, commas
/// and slashes are parts of too many names.
struct CreditedNames: Sendable, Hashable {
    /// The most names that are kept, in the text's order, each once.
    static let mostNames = 64
    /// The album artist of an album by many artists, if the tags do not name one.
    static let various = "Various Artists"

    var names: [String]
    /// How many of the first are not guests.
    var mains: Int

    /// - Parameters:
    ///   - text: as shown to people.
    ///   - list: the artists one by one, if the file tells them apart.
    init(_ text: String, list: [String] = []) {
        let text = text.printable
        let (main, guest) = Self.parted(text)
        var names = list.map { Self.trimmed($0.printable) }.filter { !$0.isEmpty }
        let isListed = names.count > 1 || (names.count == 1 && names[0] != Self.trimmed(text))
        if !isListed { names = Self.several(main) + (guest.map(Self.several) ?? []) }
        var seen: Set<String> = []
        names = Array(names.filter { seen.insert($0).inserted }.prefix(Self.mostNames))
        self.names = names
        mains = guest == nil ? names.count : max(1, names.prefix { main.contains($0) }.count)
        mains = min(mains, names.count)
    }

    /// The album artists that a tag names, without guests.
    static func owners(_ text: String, list: [String] = []) -> CreditedNames {
        let all = CreditedNames(text, list: list)
        return CreditedNames(names: Array(all.names.prefix(all.mains)), mains: all.mains)
    }

    init(names: [String], mains: Int) {
        self.names = names
        self.mains = min(max(mains, min(1, names.count)), names.count)
    }

    private static func several(_ text: Substring) -> [String] { text.pieces(at: ";").map(trimmed).filter { !$0.isEmpty } }

    /// The text before the guests, and the guests.
    private static func parted(_ text: String) -> (main: Substring, guest: Substring?) {
        let bytes = Array(text.utf8)
        let last = trimmed(text).utf8.last
        let isClosed = last == UInt8(ascii: ")") || last == UInt8(ascii: "]")
        for start in bytes.indices.dropFirst() where bytes[start] | 0x20 == 0x66 {
            let isBracketed = bytes[start - 1] == 0x28 || bytes[start - 1] == 0x5B
            guard isBracketed ? isClosed : bytes[start - 1] == 0x20,
                let end = endOfMarker(bytes, start, isBracketed: isBracketed)
            else { continue }
            let main = Substring(trimmed(String(decoding: bytes[..<(isBracketed ? start - 1 : start)], as: UTF8.self)))
            var guest = Substring(trimmed(String(decoding: bytes[end...], as: UTF8.self)))
            if isBracketed, !guest.isEmpty { guest.unicodeScalars.removeLast() }
            guard !main.isEmpty, !guest.allSatisfy({ $0.isWhitespace || $0.isPunctuation }) else { continue }
            return (main, guest)
        }
        return (text[...], nil)
    }

    /// The place behind a word at `start` that announces guests; nil if there is none. `Little Feat Live` has no guest.
    private static func endOfMarker(_ bytes: [UInt8], _ start: Int, isBracketed: Bool) -> Int? {
        for (word, isSure) in [("featuring", true), ("feat.", true), ("ft.", true), ("feat", false), ("ft", false)] {
            let end = start + word.utf8.count
            guard end < bytes.count, zip(bytes[start..<end], word.utf8).allSatisfy({ isLetter($0) ? $0 | 0x20 == $1 : $0 == $1 })
            else { continue }
            if !word.hasSuffix("."), bytes[end] != 0x20 { continue }
            if isSure || isBracketed || bytes[start..<end].elementsEqual(word.utf8) { return end }
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var rest = Substring(text)
        while rest.unicodeScalars.first?.properties.isWhitespace == true { rest.unicodeScalars.removeFirst() }
        while rest.unicodeScalars.last?.properties.isWhitespace == true { rest.unicodeScalars.removeLast() }
        return String(rest)
    }
}
