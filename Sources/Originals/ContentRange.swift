/// A `Content-Range` field of a 206 response (RFC 9110 §14.4): `bytes 0-499/1234` or `bytes 0-499/*`.
struct ContentRange: Equatable {
    /// Half open, in bytes. Never empty.
    let range: Range<Int>
    /// Bytes of the whole file, where the origin tells.
    let total: Int?

    /// Nil for anything but one satisfied byte range.
    init?(_ field: String) {
        let words = field.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]), first <= last, last < .max
        else { return nil }
        if parts[1] == "*" {
            total = nil
        } else {
            guard let number = Self.number(parts[1]), number > last else { return nil }
            total = number
        }
        range = first..<(last + 1)
    }

    /// Digits only: `Int` alone would take a sign.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}
