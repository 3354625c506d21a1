/// Reads a `Forwarded` field (RFC 7239 §4): elements separated by commas, each of pairs separated by semicolons, whose values are
/// tokens or quoted strings.
struct ForwardedReader {
    private var rest: ArraySlice<UInt8>

    init(_ text: String) { rest = Array(text.utf8)[...] }

    /// Returns nil if the field breaks the grammar, repeats a parameter in an element, or is longer than any proxy makes it.
    mutating func readHops() -> [ForwardingHop]? {
        guard rest.count <= TrustedProxies.longest else { return nil }
        var hops: [ForwardingHop] = []
        while true {
            skipBlanks()
            // A list may have empty elements (RFC 9110 §5.6.1).
            if take(",") { continue }
            if rest.isEmpty { return hops }
            guard hops.count < TrustedProxies.mostHops, let hop = readHop() else { return nil }
            hops.append(hop)
            skipBlanks()
            guard rest.isEmpty || take(",") else { return nil }
        }
    }

    private mutating func readHop() -> ForwardingHop? {
        var hop = ForwardingHop()
        var seen: Set<String> = []
        repeat {
            skipBlanks()
            // An element may end with a semicolon, and have empty pairs.
            guard let first = rest.first, first != UInt8(ascii: ","), first != UInt8(ascii: ";") else { continue }
            guard let name = readToken()?.lowercased(), take("="), let value = readValue(), seen.insert(name).inserted else {
                return nil
            }
            switch name {
            case "for": hop.address = ForwardingHop.address(ofNode: value)
            case "proto": hop.scheme = value
            case "host": hop.host = value
            default: break
            }
            skipBlanks()
        } while take(";")
        return hop
    }

    private mutating func readValue() -> String? {
        guard take("\"") else { return readToken() }
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return nil }
                bytes.append(escaped)
            default: bytes.append(byte)
            }
        }
        return nil
    }

    /// RFC 9110 §5.6.2. Addresses with a port, which should be quoted, are accepted without quotes too.
    private mutating func readToken() -> String? {
        let token = rest.prefix { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: Self.tokenMarks.contains(byte)
            }
        }
        rest = rest.dropFirst(token.count)
        return token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
    }

    private static let tokenMarks = Set("!#$%&'*+-.^_`|~:[]".utf8)

    private mutating func skipBlanks() { rest = rest.drop { $0 == 0x20 || $0 == 0x09 } }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: mark) else { return false }
        rest = rest.dropFirst()
        return true
    }
}
