import Audio
import Crypto
import Foundation
import Locker

/// A signed permission to fetch one track's media until a time, for players that cannot send headers.
///
/// Nothing is stored: any edge that has the key can check it. It is valid for as long as the account has the track.
struct Ticket: Hashable {
    var account: Int64
    var track: String
    /// A rendition's name, or `*` for all of them.
    var rendition: String
    /// Seconds since 1970.
    var expires: Int

    /// Seconds a ticket is valid, for a track that plays `duration` seconds: six hours, and twice the track.
    static func lifetime(ofTrack duration: Double) -> Int { max(6 * 60 * 60, Int((2 * duration).rounded(.up))) }

    /// `account.track.rendition.expires.signature`; every part is URL-safe.
    func signed(with key: SymmetricKey) -> String {
        "\(account).\(track).\(rendition).\(expires).\(signature(key))"
    }

    /// The ticket in `text`. Nil if it is malformed, forged or not valid at `now`.
    init?(_ text: some StringProtocol, key: SymmetricKey, now: Int) {
        let parts = text.pieces(at: ".", omittingEmpty: false)
        guard parts.count == 5, let account = Int64(digits: parts[0]), let expires = Int(digits: parts[3]), expires > now else {
            return nil
        }
        self.init(account: account, track: String(parts[1]), rendition: String(parts[2]), expires: expires)
        // The signature covers the decoded values, so a text with the same meaning in other digits must be rejected here.
        guard constantTimeEquals(String(text), signed(with: key)) else { return nil }
    }

    init(account: Int64, track: String, rendition: String, expires: Int) {
        self.account = account
        self.track = track
        self.rendition = rendition
        self.expires = expires
    }

    func permits(rendition: String) -> Bool { self.rendition == "*" || self.rendition == rendition }

    /// HMAC-SHA256 of the four values, each after its length, so that no other four values have the same bytes.
    private func signature(_ key: SymmetricKey) -> String {
        var claim = ByteWriter()
        for value in ["\(account)", track, rendition, "\(expires)"] { claim.writeField(value) }
        let code = HMAC<SHA256>.authenticationCode(for: Data(claim.bytes), using: key)
        return Data(code).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
