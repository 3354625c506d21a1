/// Ids as clients see them: 22 base62 characters, 131 bits, random and opaque.
public enum Identifier {
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    static func random(digits count: Int = 22, using generator: inout some RandomNumberGenerator) -> String {
        String(decoding: (0..<count).map { _ in digits[Int.random(in: 0..<62, using: &generator)] }, as: UTF8.self)
    }

    public static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        return random(using: &generator)
    }
}
