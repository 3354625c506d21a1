internal import Audio

/// A `Content-Range` field of a 206 response (RFC 9110 §14.4): `bytes 0-499/1234` or `bytes 0-499/*`.
struct ContentRange: Equatable {
    /// Half open, in bytes. Never empty.
    let range: Range<Int>
    /// Bytes of the whole file, if the origin states them.
    let total: Int?

    /// Nil for anything but one satisfied byte range.
    init?(_ field: String) {
        let words = field.pieces(at: " ", omittingEmpty: false)
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let parts = words[1].pieces(at: "/", omittingEmpty: false)
        guard parts.count == 2 else { return nil }
        let ends = parts[0].pieces(at: "-", omittingEmpty: false)
        guard ends.count == 2, let first = Int(digits: ends[0]), let last = Int(digits: ends[1]), first <= last, last < .max
        else { return nil }
        if parts[1] == "*" {
            total = nil
        } else {
            guard let number = Int(digits: parts[1]), number > last else { return nil }
            total = number
        }
        range = first..<(last + 1)
    }
}
