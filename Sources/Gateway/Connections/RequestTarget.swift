import Audio
import NIOCore
import NIOHTTP1

/// The host and path that a request is for: RFC 9112 §3.2 and RFC 9110 §7.2 as a pure decision.
enum RequestTarget: Equatable {
    /// A host, with its port if the client named one, and a path with its query.
    case found(host: String, path: String)
    /// The message breaks the rules: 400.
    case invalid

    /// - Parameter ownHost: the host of an HTTP/1.0 request that names none (RFC 9112 §3.3): the address it connected to.
    init(_ head: HTTPRequestHead, ownHost: @autoclosure () -> String) {
        let named = head.headers["host"]
        guard named.count <= 1, named.allSatisfy(Self.isHost), !named.isEmpty || head.isOld, head.hasKnownFraming,
            head.hasShortFields
        else {
            self = .invalid
            return
        }
        if let target = AbsoluteTarget(head.uri) {
            // The target outranks the Host field (RFC 9112 §3.2.2).
            self = target.scheme.isHTTP && Self.isHost(target.host) ? .found(host: target.host, path: target.path) : .invalid
            return
        }
        guard head.uri.utf8.first == UInt8(ascii: "/") || head.uri == "*" else {
            self = .invalid
            return
        }
        self = .found(host: named.first ?? ownHost(), path: head.uri)
    }

    /// Whether `text` is the `uri-host [ ":" port ]` of an http URI, which may not be empty (RFC 9110 §4.2.1, RFC 3986 §3.2.2).
    static func isHost(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        if bytes.first == UInt8(ascii: "[") {
            guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = String(decoding: bytes[1..<end], as: UTF8.self)
            return (try? SocketAddress(ipAddress: address, port: 0))?.protocol == .inet6 && isPort(bytes[(end + 1)...])
        }
        let end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        return end > 0 && isName(bytes[..<end]) && isPort(bytes[end...])
    }

    /// Empty, or a colon, with or without a number of 16 bits after it.
    private static func isPort(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.first == UInt8(ascii: ":") else { return bytes.isEmpty }
        let digits = bytes.dropFirst()
        return digits.isEmpty || UInt16(digits: digits) != nil
    }

    /// `reg-name`, which includes IPv4 addresses.
    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard rest.count >= 2, rest.prefix(2).allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }) else {
                    return false
                }
                rest = rest.dropFirst(2)
                continue
            }
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: continue
            default: guard nameMarks.contains(byte) else { return false }
            }
        }
        return true
    }

    /// The characters of `unreserved` and `sub-delims` that are neither letters nor digits.
    private static let nameMarks = Set("-._~!$&'()*+,;=".utf8)
}

/// A request target in absolute form: `http://host/path?query`.
private struct AbsoluteTarget {
    var scheme: Substring
    var host: String
    /// With the query; `/` if the target has none.
    var path: String

    init?(_ target: String) {
        guard target.utf8.first != UInt8(ascii: "/"), let colon = target.utf8.firstIndex(of: UInt8(ascii: ":")),
            target[colon...].utf8.starts(with: "://".utf8)
        else { return nil }
        scheme = target[..<colon]
        let rest = target[colon...].utf8.dropFirst(3)
        let end =
            rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? rest.endIndex
        host = String(rest[..<end]) ?? ""
        let tail = String(rest[end...]) ?? ""
        path = tail.utf8.first == UInt8(ascii: "/") ? tail : "/" + tail
    }
}

extension HTTPRequestHead {
    /// Whether the body's end can be found: `chunked` is the one transfer coding that is known (RFC 9112 §6.3). The parser
    /// reports any other only after the head.
    fileprivate var hasKnownFraming: Bool {
        headers["transfer-encoding"].allSatisfy { $0.lowercased() == "chunked" }
    }

    /// Whether the fields together have at most 80 KiB. The parser allows more, for URLs alone.
    fileprivate var hasShortFields: Bool {
        headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count } <= 80 << 10
    }
}

extension Substring {
    fileprivate var isHTTP: Bool { ["http", "https"].contains(lowercased()) }
}
