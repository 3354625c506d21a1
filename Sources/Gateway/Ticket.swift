import Crypto
import Foundation

/// A signed permission to fetch one track's media until a time, for players that cannot send headers.
///
/// Nothing is stored: any edge that has the key can check it.
struct Ticket: Hashable {
    var track: String
    /// A rendition's name, or `*` for all of them.
    var rendition: String
    /// Seconds since 1970.
    var expires: Int

    /// `track.rendition.expires.signature`; every part is URL-safe.
    func signed(with key: SymmetricKey) -> String {
        let claim = "\(track).\(rendition).\(expires)"
        return claim + "." + Self.signature(of: claim, key)
    }

    /// The ticket in `text`, or nil where it is none, forged or no longer valid at `now`.
    init?(_ text: some StringProtocol, key: SymmetricKey, now: Int) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, let expires = Int(parts[2]), expires > now else { return nil }
        let claim = parts[0..<3].joined(separator: ".")
        guard constantTimeEquals(String(parts[3]), Self.signature(of: claim, key)) else { return nil }
        self.init(track: String(parts[0]), rendition: String(parts[1]), expires: expires)
    }

    init(track: String, rendition: String, expires: Int) {
        self.track = track
        self.rendition = rendition
        self.expires = expires
    }

    func permits(rendition: String) -> Bool { self.rendition == "*" || self.rendition == rendition }

    private static func signature(of claim: String, _ key: SymmetricKey) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data(claim.utf8), using: key)
        return Data(code).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

/// Compares secrets in time that depends on their lengths alone.
func constantTimeEquals(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
