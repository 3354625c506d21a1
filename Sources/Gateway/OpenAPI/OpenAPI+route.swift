import Foundation
import HTTPTypes
import Hummingbird
import Packaging

extension OpenAPI {
    /// Registers the document; after every other route, which it describes. It needs no credentials: it says nothing of anybody.
    ///
    /// It is encoded here, once: strangers may ask for it as often as they like.
    static func add(to routes: inout Routes, access: ServerConfiguration.Access) throws {
        let path = "\(base)/openapi.json"
        let own = Routes.Operation(path: path, method: .get, scope: .everybody, description: itself)
        let bytes = try JSONEncoder.gateway.encode(document(of: routes.operations + [own], access: access))
        let entityTag = EntityTag.bytes(bytes)
        let headers: HTTPFields = [.eTag: EntityTag.quoted(entityTag), .cacheControl: "no-cache"]
        routes.resource(
            path,
            [
                .read(.everybody, itself) { request, _ in
                    switch MediaAnswer(toConditionsOf: request.head, entityTag: entityTag) {
                    case .preconditionFailed: throw Problem.preconditionFailed(entityTag: entityTag)
                    case .notModified: return Response(status: .notModified, headers: headers)
                    default:
                        var headers = headers
                        headers[.contentType] = "application/json"
                        return Response(status: .ok, headers: headers, content: bytes, for: request.method)
                    }
                }
            ])
    }
}
