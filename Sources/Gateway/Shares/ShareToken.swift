import Audio
import Crypto
import Foundation
import Locker

/// The secret in a share's link: the share's id, and 128 bits that the server derives from it with its key.
///
/// Nothing of it is stored, so a copy of the catalogue opens no share, and the owner can be shown the link again.
/// `Decisions/Shares.md` has the reasons.
struct ShareToken {
    /// Letters of an id, and of the derived part in base64url (RFC 4648 §5).
    private static let part = 22

    let text: String

    init(of share: String, key: SymmetricKey) {
        // No ticket has the same claim: a ticket's begins with digits.
        var claim = ByteWriter()
        for value in ["share", share] { claim.writeField(value) }
        let code = HMAC<SHA256>.authenticationCode(for: Data(claim.bytes), using: key)
        text = share + Data(code.prefix(16)).base64URLEncoded
    }

    /// The id of the share whose token `text` is; nil if it is no share's.
    static func share(of text: String, key: SymmetricKey) -> String? {
        guard text.utf8.count == 2 * part else { return nil }
        let id = String(text.prefix(part))
        return constantTimeEquals(ShareToken(of: id, key: key).text, text) ? id : nil
    }

    /// The player's page for the share.
    var path: String { "/share/\(text)" }
}

extension Data {
    /// RFC 4648 §5, without padding.
    var base64URLEncoded: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
