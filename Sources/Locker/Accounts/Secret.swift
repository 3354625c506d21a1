internal import Crypto

/// A credential that is shown once and stored as its hash: a session's cookie, an API key. It has 256 random bits, so a
/// plain hash is enough.
public struct Secret: Sendable, Hashable {
    /// The text that a client sends: `prefix` and 43 base62 characters.
    public let text: String

    /// - Parameter prefix: tells people and scanners of leaked secrets what it is.
    init(prefix: String) {
        var generator = SystemRandomNumberGenerator()
        text = prefix + Identifier.random(digits: 43, using: &generator)
    }

    /// The SHA-256 of a text that a client sent, by which the catalogue finds the credential.
    static func hash(of text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}

/// Compares secrets in time that depends on their lengths alone.
public func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}

/// Compares secrets in time that depends on their lengths alone.
public func constantTimeEquals(_ left: String, _ right: String) -> Bool {
    constantTimeEquals(Array(left.utf8), Array(right.utf8))
}
