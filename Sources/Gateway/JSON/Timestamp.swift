import Foundation

/// A time as clients send it, and as they are told it: RFC 3339 (§5.6, `date-time`).
struct Timestamp {
    /// Since 1970.
    let milliseconds: Int

    /// Returns nil if `text` has another form: Foundation accepts signs and other forms of ISO 8601 too.
    init?(_ text: String) {
        let styles = [true, false].map { Date.ISO8601FormatStyle(includingFractionalSeconds: $0) }
        guard text.utf8.count <= 40, Self.hasForm(text),
            let date = styles.lazy.compactMap({ try? Date(text, strategy: $0) }).first
        else { return nil }
        milliseconds = Int((date.timeIntervalSince1970 * 1000).rounded())
    }

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// A time with milliseconds, in UTC.
    static func text(milliseconds: Int) -> String {
        // Foundation cuts what is behind a millisecond, and a `Date` may lie a little before its own.
        Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000).formatted(style)
    }

    private static func hasForm(_ text: String) -> Bool {
        func matches(_ bytes: some Collection<UInt8>, _ form: String) -> Bool {
            bytes.count == form.utf8.count
                && zip(bytes, form.utf8).allSatisfy { $1 == UInt8(ascii: "0") ? (0x30...0x39).contains($0) : $0 == $1 }
        }
        let bytes = Array(text.utf8)
        guard matches(bytes.prefix(19), "0000-00-00T00:00:00") else { return false }
        var rest = bytes.dropFirst(19)
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            if fraction.isEmpty { return false }
            rest = rest[fraction.endIndex...]
        }
        return ["Z", "+00:00", "-00:00"].contains { matches(rest, $0) }
    }
}
