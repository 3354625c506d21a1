import Audio

/// The parameters of a request: those of its URL, then those of its form. A name can come more than once.
struct SubsonicParameters: Sendable {
    private var values: [String: [String]] = [:]

    /// - Parameter query: `application/x-www-form-urlencoded` (https://url.spec.whatwg.org/#urlencoded-parsing). Bytes that are not
    ///   UTF-8 become replacement characters.
    init(query: String) {
        for pair in query.utf8.split(separator: UInt8(ascii: "&")) {
            let end = pair.firstIndex(of: UInt8(ascii: "="))
            let name = Self.decoded(pair[..<(end ?? pair.endIndex)])
            let value = end.map { Self.decoded(pair[pair.index(after: $0)...]) } ?? ""
            values[name, default: []].append(value)
        }
    }

    /// The first value of this name; nil if there is none.
    subscript(name: String) -> String? { values[name]?.first }

    /// All values of this name, in their order.
    func all(_ name: String) -> [String] { values[name] ?? [] }

    private static func decoded(_ text: Substring.UTF8View) -> String {
        guard text.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(decoding: text, as: UTF8.self)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                bytes.append(UInt8(ascii: " "))
                continue
            }
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
