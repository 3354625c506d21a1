/// The content codings in which the server sends the texts that it makes (RFC 9110 §8.4.1).
enum ContentCoding {
    case identity
    case gzip

    /// The coding that a request prefers (RFC 9110 §12.5.3): gzip if the request accepts it and does not rank the plain text
    /// higher, else identity, which a server may send even if it is refused. A part of the field that breaks the grammar is
    /// ignored.
    ///
    /// - Parameter field: the request's `Accept-Encoding`; nil if it has none.
    init(acceptedBy field: String?) {
        var (gzip, identity, others): (Int?, Int?, Int?)
        for part in (field ?? "").utf8.split(separator: UInt8(ascii: ",")) {
            guard let (name, weight) = Self.element(part) else { continue }
            switch name {
            case "gzip", "x-gzip": gzip = gzip ?? weight
            case "identity": identity = identity ?? weight
            case "*": others = others ?? weight
            default: break
            }
        }
        let wanted = gzip ?? others ?? 0
        self = wanted > 0 && wanted >= (identity ?? others ?? 0) ? .gzip : .identity
    }

    /// A coding's name in lowercase, and its weight in thousandths. Returns nil if `part` is not `codings [ weight ]`.
    private static func element(_ part: Substring.UTF8View) -> (name: String, weight: Int)? {
        let sides = part.split(separator: UInt8(ascii: ";"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = sides.first.map({ String(Substring(trimmed($0))).lowercased() }), !name.isEmpty else { return nil }
        guard sides.count == 2 else { return (name, 1000) }
        let parameter = trimmed(sides[1])
        guard let letter = parameter.first, letter | 0x20 == UInt8(ascii: "q"), parameter.dropFirst().first == UInt8(ascii: "="),
            let weight = weight(parameter.dropFirst(2))
        else { return nil }
        return (name, weight)
    }

    /// A `qvalue` (RFC 9110 §12.4.2) in thousandths.
    private static func weight(_ value: Substring.UTF8View) -> Int? {
        guard let first = value.first, first == UInt8(ascii: "0") || first == UInt8(ascii: "1") else { return nil }
        let rest = value.dropFirst()
        guard rest.isEmpty || rest.first == UInt8(ascii: "."), rest.count <= 4 else { return nil }
        var weight = first == UInt8(ascii: "1") ? 1000 : 0
        for (digit, unit) in zip(rest.dropFirst(), [100, 10, 1]) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            weight += Int(digit - UInt8(ascii: "0")) * unit
        }
        return weight <= 1000 ? weight : nil
    }

    /// Without the whitespace around it (RFC 9110 §5.6.3).
    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        func isWhitespace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var rest = text.drop(while: isWhitespace)
        while let last = rest.last, isWhitespace(last) { rest.removeLast() }
        return rest
    }
}
