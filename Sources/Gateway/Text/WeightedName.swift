/// An element of `Accept` or `Accept-Encoding` (RFC 9110 §12.4.2, §12.5): a name, and how much the client wants it.
struct WeightedName {
    /// In lowercase.
    let name: String
    /// In thousandths.
    let weight: Int

    /// The elements of a field; those that break the grammar are left out.
    ///
    /// - Parameter takesParameters: whether a name may have other parameters than its weight, as media types have.
    static func elements(of field: String?, takesParameters: Bool = false) -> some Sequence<WeightedName> {
        (field ?? "").utf8.split(separator: UInt8(ascii: ",")).lazy.compactMap { WeightedName($0, takesParameters) }
    }

    private init?(_ element: Substring.UTF8View, _ takesParameters: Bool) {
        let sides = element.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map(Self.trimmed)
        guard let first = sides.first, !first.isEmpty else { return nil }
        name = String(Substring(first)).lowercased()
        var weight = 1000
        for parameter in sides.dropFirst() {
            let isWeight = parameter.starts(with: "q=".utf8) || parameter.starts(with: "Q=".utf8)
            guard isWeight, let value = Self.weight(parameter.dropFirst(2)) else {
                if takesParameters { continue }
                return nil
            }
            weight = value
        }
        guard takesParameters || sides.count <= 2 else { return nil }
        self.weight = weight
    }

    /// A `qvalue` in thousandths.
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
