import HTTPTypes
import Hummingbird
import Packaging

/// What a client knows of a resource that it wants to change (RFC 9110 §13.1.1, §13.1.2).
struct Precondition: Sendable {
    private let match: String?
    private let noneMatch: String?

    /// Nil if the request has no condition.
    init?(_ request: Request) {
        (match, noneMatch) = (request.headers[.ifMatch], request.headers[.ifNoneMatch])
        if match == nil, noneMatch == nil { return nil }
    }

    /// - Parameter entityTag: of the resource's document as it is now, not compressed.
    /// - Throws: 412 if the resource is another than the client knows.
    func require(_ entityTag: String) throws(Problem) {
        let tags = [entityTag, EntityTag.gzip(entityTag)]
        if let match, !tags.contains(where: { EntityTag.ifMatch(match, matches: $0) }) {
            throw .preconditionFailed(entityTag: entityTag)
        }
        if let noneMatch, tags.contains(where: { EntityTag.ifNoneMatch(noneMatch, matches: $0) }) {
            throw .preconditionFailed(entityTag: entityTag, field: "If-None-Match names")
        }
    }
}
