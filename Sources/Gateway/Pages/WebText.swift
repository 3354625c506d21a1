/// The text of a page or of a style sheet, and the paths in it.
struct WebText {
    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Replaces the first occurrence of `mark`. Returns false if there is none.
    mutating func replace(_ mark: String, by text: String) -> Bool {
        let mark = Array(mark.utf8)
        guard let place = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) else { return false }
        bytes.replaceSubrange(place..<(place + mark.count), with: Array(text.utf8))
        return true
    }

    /// The values in quotes of every attribute `name`.
    func attributes(_ name: String) -> [String] { values(behind: ["\(name)=\""], upTo: "\"").map(text) }

    /// Replaces the values of `href` and `src` that `names` has.
    mutating func replaceAttributes(_ names: [String: String]) {
        replace(values(behind: ["href=\"", "src=\""], upTo: "\""), names)
    }

    private static let sheet = "<link rel=\"stylesheet\" href=\""

    /// The style sheets that a page links, in order.
    var sheets: [String] { values(behind: [Self.sheet], upTo: "\"").map(text) }

    /// Replaces the links to style sheets by one to `path`, where the first was.
    mutating func linkOneSheet(_ path: String) {
        let places = values(behind: [Self.sheet], upTo: "\"")
        for place in places.dropFirst().reversed() {
            // Up to the `">` behind the path.
            bytes.removeSubrange((place.lowerBound - Self.sheet.utf8.count)..<min(place.upperBound + 2, bytes.count))
        }
        if let first = places.first { bytes.replaceSubrange(first, with: Array(path.utf8)) }
    }

    /// The absolute paths in `url()` and `@import` of a style sheet.
    var links: [String] { linkPlaces.map(text).filter { $0.hasPrefix("/") } }

    /// Replaces the paths in `url()` and `@import` that `names` has.
    mutating func replaceLinks(_ names: [String: String]) { replace(linkPlaces, names) }

    private var linkPlaces: [Range<Int>] {
        values(behind: ["url(\"", "@import \""], upTo: "\"") + values(behind: ["url('", "@import '"], upTo: "'")
            + values(behind: ["url("], upTo: ")")
    }

    private func text(_ place: Range<Int>) -> String { String(decoding: bytes[place], as: UTF8.self) }

    private mutating func replace(_ places: [Range<Int>], _ names: [String: String]) {
        for place in places.sorted(by: { $0.lowerBound > $1.lowerBound }) {
            guard let name = names[text(place)] else { continue }
            bytes.replaceSubrange(place, with: Array(name.utf8))
        }
    }

    private func values(behind marks: [String], upTo end: Unicode.Scalar) -> [Range<Int>] {
        let end = UInt8(truncatingIfNeeded: end.value)
        return marks.map { Array($0.utf8) }.flatMap { mark -> [Range<Int>] in
            bytes.indices.compactMap { index in
                guard bytes[index] == mark[0], bytes[index...].starts(with: mark) else { return nil }
                let start = index + mark.count
                return bytes[start...].firstIndex(of: end).map { start..<$0 }
            }
        }
    }
}
