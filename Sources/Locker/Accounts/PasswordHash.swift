internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials

/// A password as it is stored: scrypt (RFC 7914) with a random salt, as `$scrypt$ln=15,r=8,p=3$salt$hash`.
///
/// Making or comparing one takes 32 MiB and about a fifth of a second of the calling thread: never call it on an event loop.
public struct PasswordHash: Sendable, Hashable {
    /// Bytes of a password's UTF-8. Passwords of other lengths are refused before anything is computed.
    public static let lengths = 8...1024
    private static let saltBytes = 16
    private static let hashBytes = 32
    private static let blockSize = 8
    private static let parallelism = 3
    /// OWASP's Password Storage Cheat Sheet gives N = 2^15, r = 8, p = 3 for servers that cannot spare 128 MiB a login.
    private static let usualExponent = 15
    /// Exponents of N in stored texts. This program made no text that asks for more memory.
    private static let exponents = 1...usualExponent

    /// The stored text.
    let text: String

    /// Returns nil if the password's length is not in ``lengths``.
    public init?(of password: String) { self.init(of: password, exponent: Self.usualExponent) }

    /// - Parameter exponent: of N. Less than the usual one is for tests, which make hundreds.
    package init?(of password: String, exponent: Int) {
        guard Self.lengths.contains(password.utf8.count) else { return nil }
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<Self.saltBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        guard let hash = Self.derive(password, salt: salt, exponent) else { return nil }
        text =
            "$scrypt$ln=\(exponent),r=\(Self.blockSize),p=\(Self.parallelism)$\(Data(salt).base64EncodedString())$\(Data(hash).base64EncodedString())"
    }

    init(stored text: String) { self.text = text }

    /// Whether `password` is the stored one. Takes the same time whatever the difference.
    public func matches(_ password: String) -> Bool {
        let parts = text.split(separator: "$")
        guard parts.count == 4, let exponent = Self.exponent(in: parts[1]), let salt = Data(base64Encoded: String(parts[2])),
            let known = Data(base64Encoded: String(parts[3])),
            password.utf8.count <= Self.lengths.upperBound, let hash = Self.derive(password, salt: Array(salt), exponent)
        else { return false }
        return constantTimeEquals(hash, Array(known))
    }

    /// Compared with a login's password if no account has the name: no password matches it.
    public static let ofNobody = PasswordHash(
        stored: "$scrypt$ln=15,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")

    /// Returns nil if this version makes no such parameters.
    private static func exponent(in parameters: Substring) -> Int? {
        exponents.first { parameters == "ln=\($0),r=\(blockSize),p=\(parallelism)" }
    }

    private static func derive(_ password: String, salt: [UInt8], _ exponent: Int) -> [UInt8]? {
        let key = try? KDF.Scrypt.deriveKey(
            from: Array(password.utf8), salt: salt, outputByteCount: hashBytes, rounds: 1 << exponent, blockSize: blockSize,
            parallelism: parallelism)
        return key.map { unsafe $0.withUnsafeBytes { unsafe Array($0) } }
    }
}
