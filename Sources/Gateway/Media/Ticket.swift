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
    /// A rendition's name, or `*` for all of them. With any of them, the cover is permitted too.
    var rendition: String
    /// Seconds since 1970.
    var expires: Int
    /// The share that it was given for, and that it ends with; nil if the account itself asked for it.
    var share: String?

    /// The name of no rendition, with which a ticket is for the cover alone.
    static let coverAlone = "art"

    /// Seconds a ticket is valid, for a track that plays `duration` seconds: six hours, and twice the track.
    static func lifetime(ofTrack duration: Double) -> Int { max(6 * 60 * 60, Int((2 * duration).rounded(.up))) }

    private var claims: [String] { ["\(account)", track, rendition, "\(expires)"] + [share].compactMap(\.self) }

    /// `account.track.rendition.expires.signature`, with the share in front of the signature if there is one; every part is
    /// URL-safe.
    func signed(with key: SymmetricKey) -> String { (claims + [signature(key)]).joined(separator: ".") }

    /// The ticket in `text`. Nil if it is malformed, forged or not valid at `now`.
    init?(_ text: some StringProtocol, key: SymmetricKey, now: Int) {
        let parts = text.pieces(at: ".", omittingEmpty: false)
        guard (5...6).contains(parts.count), let account = Int64(digits: parts[0]), let expires = Int(digits: parts[3]),
            expires > now
        else { return nil }
        self.init(
            account: account, track: String(parts[1]), rendition: String(parts[2]), expires: expires,
            share: parts.count == 6 ? String(parts[4]) : nil)
        // The signature covers the decoded values, so a text with the same meaning in other digits must be rejected here.
        guard constantTimeEquals(String(text), signed(with: key)) else { return nil }
    }

    init(account: Int64, track: String, rendition: String, expires: Int, share: String? = nil) {
        self.account = account
        self.track = track
        self.rendition = rendition
        self.expires = expires
        self.share = share
    }

    /// An Original may say who bought it, so a share gives none.
    func permits(rendition: String) -> Bool {
        if share != nil, rendition == "original" { return false }
        return self.rendition == "*" || self.rendition == rendition
    }

    /// HMAC-SHA256 of the values, each after its length, so that no other values have the same bytes.
    private func signature(_ key: SymmetricKey) -> String {
        var claim = ByteWriter()
        for value in claims { claim.writeField(value) }
        let code = HMAC<SHA256>.authenticationCode(for: Data(claim.bytes), using: key)
        return Data(code).base64URLEncoded
    }
}
