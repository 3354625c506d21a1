internal import Crypto
internal import FoundationEssentials

/// Makes app passwords, and keeps their texts secret in the catalogue, under a key that is not in it: a copy of the catalogue
/// alone opens nothing.
public struct AppPasswordSeal: Sendable {
    /// Characters that are not mistaken for each other and are all on a phone's first keyboard or its digits: 5 bits each.
    private static let characters = Array("23456789abcdefghijkmnpqrstuvwxyz".utf8)
    /// 100 bits: an MD5 of it with a known salt does not give it away.
    private static let length = 20

    private let key: SymmetricKey
    /// What is opened in place of a password that does not exist.
    private let nothing: [UInt8]

    /// - Parameter key: 32 random bytes.
    public init(key: [UInt8]) throws {
        self.key = SymmetricKey(data: key)
        nothing = try Self.seal(Self.newText(), "", self.key)
    }

    static func newText() -> String {
        var generator = SystemRandomNumberGenerator()
        let text = (0..<length).map { _ in characters[Int.random(in: 0..<characters.count, using: &generator)] }
        return String(decoding: text, as: UTF8.self)
    }

    /// The text of the app password `id`, encrypted and authenticated with its id: it does not open as another's.
    func seal(_ text: String, of id: String) throws -> [UInt8] { try Self.seal(text, id, key) }

    /// Returns nil if the bytes were changed, belong to another password or were sealed under another key.
    func open(_ sealed: [UInt8], of id: String) -> String? {
        guard let box = try? ChaChaPoly.SealedBox(combined: sealed),
            let text = try? ChaChaPoly.open(box, using: key, authenticating: Array(id.utf8))
        else { return nil }
        return String(decoding: text, as: UTF8.self)
    }

    /// Takes as long as ``open(_:of:)``, for a password that does not exist. Returns a text that no client can know.
    func openNothing() -> String? { open(nothing, of: "") }

    /// By which the catalogue finds a password's text without having it.
    func mark(of text: String) -> [UInt8] { Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)) }

    private static func seal(_ text: String, _ id: String, _ key: SymmetricKey) throws -> [UInt8] {
        Array(try ChaChaPoly.seal(Array(text.utf8), using: key, authenticating: Array(id.utf8)).combined)
    }
}
