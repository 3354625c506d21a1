import Foundation
import NIOCore

/// An IP address. An IPv4 address mapped into IPv6 (RFC 4291 §2.5.5.2) equals the IPv4 address.
struct IPAddress: Sendable, Hashable {
    private static let mappedPrefix: UInt64 = 0xFFFF

    /// The 128 bits, the first in `high`; IPv4 is mapped.
    private let high: UInt64
    private let low: UInt64

    private init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Nil unless `text` is an address by inet_pton(3): no host name, no zone, no port.
    init?(_ text: some StringProtocol) {
        guard text.utf8.count < Int(INET6_ADDRSTRLEN), !text.utf8.contains(0) else { return nil }
        let text = String(text)
        var bytes = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET, text, &bytes) == 1 {
            self.init(high: 0, low: Self.mappedPrefix << 32 | Self.word(bytes[0..<4]))
        } else if unsafe inet_pton(AF_INET6, text, &bytes) == 1 {
            self.init(high: Self.word(bytes[0..<8]), low: Self.word(bytes[8..<16]))
        } else {
            return nil
        }
    }

    /// Nil for a peer without an address.
    init?(_ address: SocketAddress?) {
        guard let text = address?.ipAddress else { return nil }
        // A link-local address may have a zone behind it.
        self.init(text.prefix { $0 != "%" })
    }

    var isIPv4: Bool { high == 0 && low >> 32 == Self.mappedPrefix }

    /// Its first bits, all others 0.
    ///
    /// - Parameter bits: counted in the address's kind: 0 to 32, or 0 to 128.
    func prefix(_ bits: Int) -> IPAddress {
        let bits = isIPv4 ? bits + 96 : bits
        return IPAddress(high: high & Self.mask(bits), low: low & Self.mask(bits - 64))
    }

    /// The addresses of one person: the address in IPv4, the /64 in IPv6, which every connection gets at least (RFC 6177).
    var network: IPAddress { isIPv4 ? self : prefix(64) }

    /// The addresses that may belong to one person: the /24 of IPv4, the /48 of IPv6.
    var neighbourhood: IPAddress { prefix(isIPv4 ? 24 : 48) }

    /// Sixteen bytes, in network order.
    var bytes: [UInt8] { [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } } }

    private static func mask(_ bits: Int) -> UInt64 { bits <= 0 ? 0 : bits >= 64 ? .max : ~(.max >> UInt64(bits)) }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}

extension IPAddress: CustomStringConvertible {
    /// As inet_ntop(3) writes it (RFC 5952).
    var description: String {
        let bytes = isIPv4 ? Array(bytes.suffix(4)) : bytes
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard unsafe inet_ntop(isIPv4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
