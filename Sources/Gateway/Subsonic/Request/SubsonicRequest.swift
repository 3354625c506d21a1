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
    func text(_ name: String) throws(SubsonicError) -> String {
        guard let text = try optional(name), !text.isEmpty else { throw .missing(name) }
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

    /// The id of a song that is named as media, which has to be there.
    ///
    /// - Throws: 10 if the type of the media is not one of the protocol's, 70 for podcasts.
    func song() throws(SubsonicError) -> String {
        let id = try id("mediaId")
        switch try text("mediaType") {
        case "song": return id
        case "podcast": throw .notFound
        default: throw SubsonicError(.parameter, "mediaType must be song or podcast")
        }
    }

    /// The text of a number or of a flag; nil if it is missing, empty, or what programs write for nothing.
    static func given(_ text: String?) -> String? {
        text.flatMap { ["", "undefined", "null", "NaN"].contains($0) ? nil : $0 }
    }

    /// A whole number; nil if it is not given. A fraction is dropped.
    ///
    /// - Throws: 10 if it is not a number.
    func number(_ name: String) throws(SubsonicError) -> Int? {
        guard let text = Self.given(parameters[name]) else { return nil }
        return try Self.number(text, name)
    }

    /// - Parameter name: the parameter that has this text.
    static func number(_ text: String, _ name: String) throws(SubsonicError) -> Int {
        let isNegative = text.hasPrefix("-")
        guard let parts = Digits(isNegative ? text.dropFirst() : text[...]), let magnitude = Int(digits: parts.whole) else {
            throw SubsonicError(.parameter, "\(name) must be a whole number")
        }
        return isNegative ? -magnitude : magnitude
    }

    /// A number of seconds; 0 if it is not given, or negative.
    ///
    /// - Throws: 10 if it is not a number.
    func seconds(_ name: String) throws(SubsonicError) -> Double {
        guard let text = Self.given(parameters[name]) else { return 0 }
        let isNegative = text.hasPrefix("-")
        guard let parts = Digits(isNegative ? text.dropFirst() : text[...]), parts.whole.utf8.count <= 9,
            parts.fraction.utf8.count <= 30, let seconds = Double("\(parts.whole).\(parts.fraction)0")
        else { throw SubsonicError(.parameter, "\(name) must be seconds from 0 on") }
        return isNegative ? 0 : seconds
    }

    /// The digits of a number before and after its point, as programs print numbers: `83.33333333333333`, `10.`
    private struct Digits {
        var whole: Substring
        /// May be empty.
        var fraction: Substring

        init?(_ text: Substring) {
            let parts = text.pieces(at: ".", maxSplits: 1, omittingEmpty: false)
            (whole, fraction) = (parts[0], parts.count > 1 ? parts[1] : "")
            let areDigits = parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
            guard !whole.isEmpty, areDigits else { return nil }
        }
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
        guard let text = Self.given(parameters[name]) else { return usual }
        switch text.lowercased() {
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
