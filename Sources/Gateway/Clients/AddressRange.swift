/// Addresses with a common prefix: `10.0.0.0/8`, `fd00::/8`, or one address (RFC 4632 §3.1, RFC 4291 §2.3).
struct AddressRange: Sendable, Hashable {
    private let base: IPAddress
    /// Bits of the base's kind.
    private let bits: Int

    /// Nil unless `text` is an address, with or without a slash and the number of significant bits.
    init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        // `::ffff:10.0.0.0/104` is 10.0.0.0/8.
        let isMapped = address.isIPv4 && first.contains(":")
        var bits = address.isIPv4 ? 32 : 128
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(parts[1]),
                (0...bits).contains(isMapped ? number - 96 : number)
            else { return nil }
            bits = isMapped ? number - 96 : number
        }
        base = address.prefix(bits)
        self.bits = bits
    }

    func contains(_ address: IPAddress) -> Bool { address.isIPv4 == base.isIPv4 && address.prefix(bits) == base }

    /// Whether the range contains all addresses of its kind.
    var isEverything: Bool { bits == 0 }
}
