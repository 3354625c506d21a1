import Audio

/// Addresses that a page may link to: whatever else a feed or a configuration calls one would run as a script, or lead elsewhere
/// than it seems to.
enum WebAddress {
    /// Whether `text` is an address of HTTP with a host, without a name or password, and in characters that no reader takes for
    /// others.
    ///
    /// - Parameter isTemplate: whether `{plan}` may stand in its path, query or fragment.
    static func isValid(_ text: String, isTemplate: Bool = false) -> Bool {
        let plain = isTemplate ? text.replacing("{plan}", with: "plan") : text
        guard let scheme = ["https://", "http://"].first(where: plain.hasPrefix),
            plain.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), !plain.contains(where: { "\"'<>\\^`{|}".contains($0) })
        else { return false }
        let authority = plain.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        guard isTemplate == false || !text.dropFirst(scheme.count).prefix(authority.count).contains("{") else { return false }
        let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let host = parts.first, host.contains(where: \.isLetter) || host.contains(where: \.isNumber),
            host.first != ".", host.utf8.count <= 253,
            host.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "." || $0 == "-" })
        else { return false }
        return parts.count == 1 || Int(digits: parts[1]).map { (1...65_535).contains($0) } == true
    }
}
