import Audio
import HTTPTypes
import Hummingbird

/// The places of a request in which a credential may be: the field `Authorization`, cookies and the URL.
///
/// No others: ``HotMedia`` repeats an answer to a request with the same field, cookies and URL, and would not notice that a credential is
/// missing anywhere else.
struct CredentialPlaces: Sendable {
    private let request: Request

    init(_ request: Request) { self.request = request }

    var authorization: String? { request.headers[.authorization] }

    /// The token of `Authorization: Bearer` (RFC 6750 §2.1); nil where the field has another scheme or is not there.
    var bearer: String? {
        guard let parts = authorization?.pieces(at: " ", maxSplits: 1), parts.count == 2 else { return nil }
        return parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
    }

    func cookie(_ name: String) -> String? { request.cookies[name]?.value }

    /// A parameter of the URL's query, decoded.
    func parameter(_ name: String) -> String? { request.uri.queryParameters[Substring(name)].map(String.init) }

    /// Lets a change in only with a field that a page elsewhere cannot make a browser send, as it can the cookie.
    ///
    /// - Throws: 403.
    func requireFieldOfChanges() throws {
        if ![.get, .head, .options].contains(request.method) { try Authentication.requireField(of: request) }
    }
}
