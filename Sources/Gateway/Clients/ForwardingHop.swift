/// A proxy's statement about the sender that reached it.
struct ForwardingHop: Sendable, Hashable {
    /// Nil if the proxy hides it (`unknown`, `_gateway`), or if it is unreadable.
    var address: IPAddress?
    var scheme: String?
    var host: String?

    /// The address of a node: `192.0.2.1`, `192.0.2.1:80`, `[2001:db8::1]:80`, and, as in X-Forwarded-For, `2001:db8::1` (RFC
    /// 7239 §6).
    static func address(ofNode text: some StringProtocol) -> IPAddress? {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]"), isPort(text[text.index(after: end)...]) else { return nil }
            let address = IPAddress(text[text.index(after: text.startIndex)..<end])
            return text.contains(":") ? address : nil
        }
        let colons = text.utf8.count { $0 == UInt8(ascii: ":") }
        guard colons == 1, let colon = text.firstIndex(of: ":") else { return IPAddress(text) }
        return isPort(text[colon...]) ? IPAddress(text[..<colon]) : nil
    }

    /// Empty, or a colon and one to five digits (RFC 7239 §6.3); a hidden port is accepted too.
    private static func isPort(_ text: some StringProtocol) -> Bool {
        guard text.first == ":" else { return text.isEmpty }
        let port = text.dropFirst().utf8
        if port.first == UInt8(ascii: "_") { return port.count <= 64 }
        return (1...5).contains(port.count) && port.allSatisfy { (0x30...0x39).contains($0) }
    }
}

extension ForwardingHop {
    /// The hops of `Forwarded` fields, the outermost first. Nil if they break RFC 7239 §4.
    static func hops(forwarded fields: [String]) -> [ForwardingHop]? {
        var reader = ForwardedReader(fields.joined(separator: ","))
        return reader.readHops()
    }

    /// The hops of the fields `X-Forwarded-For`, `-Proto` and `-Host`, the outermost first. Of the last two a proxy may set one
    /// value for the whole way, or append its value as it does to the first.
    static func hops(for nodes: [String], schemes: [String], hosts: [String]) -> [ForwardingHop] {
        let (nodes, schemes, hosts) = (list(nodes), list(schemes), list(hosts))
        return nodes.indices.map { place in
            let fromEnd = nodes.count - 1 - place
            func entry(_ list: [Substring]) -> String? {
                (list.dropLast(fromEnd).last ?? list.first).map(String.init)
            }
            return ForwardingHop(address: address(ofNode: nodes[place]), scheme: entry(schemes), host: entry(hosts))
        }
    }

    /// The last entries of a list, as many as are ever read: entries that a client put before them are not trusted.
    static func list(_ fields: [String]) -> [Substring] {
        let text = Substring(decoding: fields.joined(separator: ",").utf8.suffix(TrustedProxies.longest), as: UTF8.self)
        return text.split(separator: ",", omittingEmptySubsequences: false).suffix(TrustedProxies.mostHops).map { entry in
            entry.trimming { $0 == " " || $0 == "\t" }
        }
    }
}

extension Substring {
    fileprivate func trimming(_ isBlank: (Character) -> Bool) -> Substring {
        var rest = drop(while: isBlank)
        while let last = rest.last, isBlank(last) { rest.removeLast() }
        return rest
    }
}
