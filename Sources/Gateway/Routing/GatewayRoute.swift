import HTTPTypes
import Hummingbird

typealias GatewayHandler = @Sendable (Request, GatewayContext) async throws -> Response

/// A resource's handler for some methods, the credentials that a request needs for it, and its entry in the API's
/// description.
struct GatewayRoute: Sendable {
    let methods: [HTTPRequest.Method]
    let scope: RouteScope
    /// Nil for a route outside `/api/v1`, and for a HEAD with a separate handler, because its GET's description covers it.
    let description: OpenAPI.Operation?
    let handler: GatewayHandler

    /// GET and HEAD.
    static func read(
        _ scope: RouteScope, _ description: OpenAPI.Operation?, _ handler: @escaping GatewayHandler
    ) -> GatewayRoute {
        GatewayRoute(methods: [.get, .head], scope: scope, description: description, handler: handler)
    }

    static func on(
        _ method: HTTPRequest.Method, _ scope: RouteScope, _ description: OpenAPI.Operation?,
        _ handler: @escaping GatewayHandler
    ) -> GatewayRoute {
        GatewayRoute(methods: [method], scope: scope, description: description, handler: handler)
    }
}
