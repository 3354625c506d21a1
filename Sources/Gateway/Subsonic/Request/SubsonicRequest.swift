import Audio
import Hummingbird

/// A request for an endpoint of Subsonic, with its parameters as the endpoints read them.
struct SubsonicRequest: Sendable {
    /// Bytes of the longest text that is stored or looked for.
    static let longestText = 1000

    /// As a GET, whichever method it had; see ``SubsonicForm``.
    let request: Request
    let context: GatewayContext
    let parameters: SubsonicParameters

    init(_ request: Request, _ context: GatewayContext) {
        self.request = request
        self.context = context
        parameters = SubsonicParameters(query: request.uri.query ?? "")
    }

    var plan: OfferedPlan { context.plan }

    /// The client program, as it names itself; empty if it does not.
    var client: String { String((parameters["c"] ?? "").printable.unicodeScalars.prefix(100)) }

    /// A text in one line; nil if it is missing.
    ///
    /// - Throws: 10 if it has control characters, or more than `longest` bytes.
    func optional(_ name: String, longest: Int = longestText) throws(SubsonicError) -> String? {
        guard let text = parameters[name] else { return nil }
        return try Self.plain(text, name, longest)
    }

    /// A text in one line that has to be there and must not be empty.
    func text(_ name: String, longest: Int = longestText) throws(SubsonicError) -> String {
        guard let text = try optional(name, longest: longest), !text.isEmpty else { throw .missing(name) }
        return text
    }

    /// All texts of this name, in their order, without the empty ones.
    func texts(_ name: String) throws(SubsonicError) -> [String] {
        var texts: [String] = []
        for text in parameters.all(name) where !text.isEmpty { texts.append(try Self.plain(text, name, Self.longestText)) }
        return texts
    }

    /// A text of any number of lines, without other control characters; nil if it is missing.
    func prose(_ name: String) throws(SubsonicError) -> String? {
        guard let text = parameters[name] else { return nil }
        let lines = text.replacing("\r\n", with: "\n")
        let isPlain = lines.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || !$0.isControl }
        guard isPlain, lines.utf8.count <= Self.longestText else {
            throw SubsonicError(.parameter, "\(name) must have at most \(Self.longestText) bytes, and no control characters")
        }
        return lines
    }

    /// The id of an item, which has to be there.
    func id(_ name: String = "id") throws(SubsonicError) -> String { try text(name) }

    /// A whole number; nil if it is missing or empty.
    ///
    /// - Throws: 10 if it is not a whole number.
    func number(_ name: String) throws(SubsonicError) -> Int? {
        guard let text = parameters[name], !text.isEmpty else { return nil }
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard let magnitude = Int(digits: digits) else { throw SubsonicError(.parameter, "\(name) must be a whole number") }
        return text.hasPrefix("-") ? -magnitude : magnitude
    }

    /// A number of items, from 0 on and at most `most`.
    func count(_ name: String, or usual: Int, atMost most: Int) throws(SubsonicError) -> Int {
        min(max(0, try number(name) ?? usual), most)
    }

    /// The number of items to pass over.
    func offset(_ name: String = "offset") throws(SubsonicError) -> Int { max(0, try number(name) ?? 0) }

    /// A flag, in the spellings of all clients: `true`, `True`, `1`.
    ///
    /// - Throws: 10 if it is neither true nor false.
    func flag(_ name: String, or usual: Bool = false) throws(SubsonicError) -> Bool {
        guard let text = parameters[name]?.lowercased(), !text.isEmpty else { return usual }
        switch text {
        case "true", "1", "yes", "on": return true
        case "false", "0", "no", "off": return false
        default: throw SubsonicError(.parameter, "\(name) must be true or false")
        }
    }

    private static func plain(_ text: String, _ name: String, _ longest: Int) throws(SubsonicError) -> String {
        guard !text.hasControlCharacters, text.utf8.count <= longest else {
            throw SubsonicError(.parameter, "\(name) must have at most \(longest) bytes, and no control characters")
        }
        return text
    }
}
