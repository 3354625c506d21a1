import Foundation
import HTTPTypes
import Hummingbird
import Packaging

extension OpenAPI {
    /// Registers the document; call it last, because the document describes the routes that are registered by then. It needs
    /// no credentials, because it says nothing about any account.
    ///
    /// The document is encoded once, here: clients without credentials may request it as often as they like.
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
                    switch ConditionalAnswer(toConditionsOf: request.head, entityTag: entityTag) {
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
