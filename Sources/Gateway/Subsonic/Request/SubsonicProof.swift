import Audio
import Crypto
import Locker

/// A client's proof that it knows a password: the password itself, or an MD5 of it with a salt that the client chose.
struct SubsonicProof: Sendable {
    private enum Kind {
        case password([UInt8])
        /// 16 bytes; empty if the client sent something else.
        case token([UInt8], salt: [UInt8])
    }

    private let kind: Kind

    /// `t` and `s`, or `p`, in clear or as `enc:` and the UTF-8 in hexadecimal digits. Returns nil if they are missing.
    init?(_ parameters: SubsonicParameters) {
        if let token = parameters["t"], let salt = parameters["s"] {
            kind = .token(Self.bytes(hexadecimal: token) ?? [], salt: Array(salt.utf8))
        } else if let password = parameters["p"] {
            let encoded = password.hasPrefix("enc:") ? Self.bytes(hexadecimal: password.dropFirst(4)) : nil
            kind = .password(encoded ?? Array(password.utf8))
        } else {
            return nil
        }
    }

    /// Takes the same time for all passwords of one length.
    func matches(_ password: String) -> Bool {
        switch kind {
        case .password(let given): constantTimeEquals(given, Array(password.utf8))
        case .token(let token, let salt):
            constantTimeEquals(token, Array(Insecure.MD5.hash(data: Array(password.utf8) + salt)))
        }
    }

    /// Returns nil if `text` is not pairs of hexadecimal digits.
    private static func bytes(hexadecimal text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8.map {
            UnicodeScalar($0).properties.isASCIIHexDigit ? Character(UnicodeScalar($0)).hexDigitValue : nil
        }
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[place], let low = digits[place + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
