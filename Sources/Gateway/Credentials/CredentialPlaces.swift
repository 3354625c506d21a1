import Audio
import HTTPTypes
import Hummingbird

/// The places of a request in which a credential may be: the field `Authorization`, cookies and the URL.
///
/// There are no other places: ``HotMedia`` repeats an answer to a request with the same field, cookies and URL, and would
/// not notice a credential that is missing elsewhere.
struct CredentialPlaces: Sendable {
    private let request: Request
    private let sender: Client?
    /// The address that the request comes from; nil if it is not known. Failures are counted by it, and it is no credential.
    var client: IPAddress? { sender?.address }

    init(_ request: Request, from sender: Client? = nil) { (self.request, self.sender) = (request, sender) }

    var authorization: String? { request.headers[.authorization] }

    /// The token of `Authorization: Bearer` (RFC 6750 §2.1); nil if the field has another scheme or is missing.
    var bearer: String? {
        guard let parts = authorization?.pieces(at: " ", maxSplits: 1), parts.count == 2 else { return nil }
        return parts[0].lowercased() == "bearer" ? String(parts[1]) : nil
    }

    func cookie(_ name: String) -> String? { request.cookies[name]?.value }

    /// The URL's query as it was sent; empty if there is none.
    var query: String { request.uri.query ?? "" }

    /// A parameter of the URL's query, decoded.
    func parameter(_ name: String) -> String? { request.uri.queryParameters[Substring(name)].map(String.init) }

    /// Requires `X-Requested-With` of a change: a page of another site can make a browser send the cookie, but not this
    /// field. Refuses a change, too, that the browser says a page of another origin makes.
    ///
    /// - Throws: 403 if the field is missing, or the page is another origin's.
    func requireFieldOfChanges() throws {
        if ![.get, .head, .options].contains(request.method) { try Authentication.requireField(of: request, sender) }
    }
}
