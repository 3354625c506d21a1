import Foundation

extension String {
    /// The text as a value in a URI's query, percent-encoded except for RFC 3986's unreserved characters and a ticket's `*`.
    var queryEncoded: String { percentEncoded(sparing: "*") }

    /// The text with all but RFC 3986's unreserved characters, and those of `others`, percent-encoded (§2.1).
    func percentEncoded(sparing others: String = "") -> String {
        let unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        return addingPercentEncoding(withAllowedCharacters: CharacterSet(charactersIn: unreserved + others)) ?? ""
    }
}

extension Substring.UTF8View {
    /// The text with its percent-encoded bytes decoded (RFC 3986 §2.1). A `%` without two digits stays. Bytes that are not UTF-8 become
    /// replacement characters.
    ///
    /// - Parameter plusIsSpace: as in `application/x-www-form-urlencoded`.
    func percentDecoded(plusIsSpace: Bool = false) -> String {
        let (percent, plus) = (UInt8(ascii: "%"), UInt8(ascii: "+"))
        guard contains(where: { $0 == percent || ($0 == plus && plusIsSpace) }) else {
            return String(decoding: self, as: UTF8.self)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        var rest = self
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == percent, digits.count == 2, digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == plus && plusIsSpace ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
