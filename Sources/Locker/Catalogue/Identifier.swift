/// Ids as clients see them: 22 base62 characters, 131 bits, random and opaque.
public enum Identifier {
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    static func random(digits count: Int = 22, using generator: inout some RandomNumberGenerator) -> String {
        String(decoding: (0..<count).map { _ in digits[Int.random(in: 0..<62, using: &generator)] }, as: UTF8.self)
    }

    /// The same id for the same bytes, of which there must be 22 or more with values that cannot be foretold.
    public static func text(of bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.prefix(22).map { digits[Int($0) % 62] }, as: UTF8.self)
    }

    /// Whether a text has the form of an id.
    public static func isOne(_ text: String) -> Bool { text.utf8.count == 22 && text.utf8.allSatisfy(digits.contains) }

    public static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }
}
