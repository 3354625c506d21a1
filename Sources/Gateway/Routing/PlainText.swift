import Audio
import Hummingbird

/// A name, label or id in a JSON document: a text without control characters.
///
/// Every text of a request that is stored, looked up or shown has this type. A password does not: it may have any character.
/// `Decisions/Texts.md` says why such a text is refused and not cleaned.
struct PlainText: Decodable, Sendable {
    static let advice = "names, labels and ids must not have control characters"

    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        text = try container.decode(String.self)
        if text.hasControlCharacters {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: Self.advice)
        }
    }
}

/// Refuses control characters in a request's target before any look-up: 404 if its path has one, because no resource's path
/// does, and 400 if its query has one. A credential in a query is exempt: a wrong one gets the answer of all wrong
/// credentials.
struct PlainTarget: RouterMiddleware {
    private static let credentials = ["ticket=", "code="]

    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        let parts = (request.head.path ?? "").pieces(at: "?", maxSplits: 1, omittingEmpty: false)
        if let path = parts.first, Self.hasControlCharacters(path) { throw Problem.notFound() }
        // Subsonic's endpoints check their parameters themselves: a password and a comment may have such characters.
        let isChecked = parts.first.map { SubsonicProblems.isSubsonic($0) } ?? false
        if parts.count == 2, !isChecked, Self.isRefused(query: parts[1]) { throw Problem.badRequest(PlainText.advice) }
        return try await next(request, context)
    }

    static func isRefused(query: Substring) -> Bool {
        guard hasControlCharacters(query) else { return false }
        return query.split(separator: "&").contains { pair in
            !credentials.contains(where: pair.hasPrefix) && hasControlCharacters(pair)
        }
    }

    /// Whether `text` contains a control character, as it is or percent-encoded (RFC 3986 §2.1).
    static func hasControlCharacters(_ text: Substring) -> Bool {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 >= 0x7F || $0 < 0x20 }) else { return false }
        return text.utf8.percentDecoded().hasControlCharacters
    }
}
