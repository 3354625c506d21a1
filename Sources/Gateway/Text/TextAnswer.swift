import HTTPTypes
import Hummingbird
import Packaging

/// A text that the server has made, and the answers with it: as it is, or compressed if the request accepts that (RFC 9110
/// §12.5.3).
///
/// Both forms have strong entity tags, the compressed one that of the text with a suffix. A condition that names either counts:
/// a client knows the text, whichever form it was sent in. `Decisions/Documents.md` has the reasons.
struct TextAnswer: Sendable {
    private let bytes: [UInt8]
    private let type: String
    /// Of the text as it is; nil if answers have no entity tag.
    private let entityTag: String?
    private var compressed: [UInt8]?

    /// - Parameters:
    ///   - type: the media type.
    ///   - isKept: whether the text is sent many times, so that it is compressed once, here.
    init(_ bytes: [UInt8], type: String, entityTag: String? = nil, isKept: Bool = false) {
        (self.bytes, self.type, self.entityTag) = (bytes, type, entityTag)
        compressed = isKept ? Gzip.compressed(bytes) : nil
    }

    /// The answer to a request; without its content to HEAD.
    ///
    /// - Parameter status: with any other than 200, conditions are ignored (RFC 9110 §13.2.1).
    /// - Throws: 412 if `If-Match` names neither form.
    func response(
        to request: Request, status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields()
    ) throws(Problem) -> Response {
        var headers = headers
        headers[.vary] = [headers[.vary], "Accept-Encoding"].compactMap(\.self).joined(separator: ", ")
        let isWanted = ContentCoding(acceptedBy: request.headers[.acceptEncoding]) == .gzip && bytes.count >= Gzip.least
        if let entityTag {
            headers[.eTag] = EntityTag.quoted(entityTag)
            let tags = isWanted ? [EntityTag.gzip(entityTag), entityTag] : [entityTag, EntityTag.gzip(entityTag)]
            if status == .ok, let known = try Self.knownTag(among: tags, to: request) {
                return Response(status: .notModified, headers: headers.notModified(entityTag: known))
            }
        }
        headers[.contentType] = type
        guard isWanted, let sent = compressed ?? Gzip.compressed(bytes) else {
            return Response(status: status, headers: headers, content: bytes, for: request.method)
        }
        headers[.contentEncoding] = "gzip"
        if let entityTag { headers[.eTag] = EntityTag.quoted(EntityTag.gzip(entityTag)) }
        // A range is one of the text as it is.
        headers[.acceptRanges] = nil
        return Response(status: status, headers: headers, content: sent, for: request.method)
    }

    /// The tag that the client has; nil if it has to be sent the text.
    ///
    /// - Parameter tags: those of all forms, that of the form that would be sent first.
    private static func knownTag(among tags: [String], to request: Request) throws(Problem) -> String? {
        if let condition = request.headers[.ifMatch], !tags.contains(where: { EntityTag.ifMatch(condition, matches: $0) }) {
            throw .preconditionFailed(entityTag: tags[0])
        }
        guard let condition = request.headers[.ifNoneMatch] else { return nil }
        return tags.first { EntityTag.ifNoneMatch(condition, matches: $0) }
    }
}

extension HTTPFields {
    /// The fields that a 304 has of those of a 200 (RFC 9110 §15.4.5).
    fileprivate func notModified(entityTag: String) -> HTTPFields {
        var fields = self
        for name in [HTTPField.Name.contentDisposition, .xContentTypeOptions] { fields[name] = nil }
        fields[.eTag] = EntityTag.quoted(entityTag)
        return fields
    }
}
