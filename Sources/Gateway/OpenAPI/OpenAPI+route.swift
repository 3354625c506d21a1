import Foundation
import HTTPTypes
import Hummingbird
import Packaging

extension OpenAPI {
    /// Registers the document; call it last, because the document describes the routes that are registered by then. It needs
    /// no credentials, because it says nothing about any account.
    ///
    /// The document is encoded and compressed once, here: clients without credentials may request it as often as they like.
    static func add(to routes: inout Routes, access: ServerConfiguration.Access) throws {
        let path = "\(base)/openapi.json"
        let own = Routes.Operation(path: path, method: .get, scope: .everybody, description: itself)
        let bytes = [UInt8](try JSONEncoder.gateway.encode(document(of: routes.operations + [own], access: access)))
        let answer = TextAnswer(bytes, type: "application/json", entityTag: EntityTag.bytes(bytes), isKept: true)
        routes.resource(
            path,
            [
                .read(.everybody, itself) { request, _ in
                    try answer.response(to: request, headers: [.cacheControl: "no-cache"])
                }
            ])
    }
}
