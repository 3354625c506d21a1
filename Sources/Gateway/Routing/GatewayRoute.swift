import HTTPTypes
import Hummingbird

typealias GatewayHandler = @Sendable (Request, GatewayContext) async throws -> Response

/// What a resource does for a method, what a request needs for it, and what the API's description says of it.
struct GatewayRoute: Sendable {
    let methods: [HTTPRequest.Method]
    let scope: RouteScope
    /// Nil for what is not of `/api/v1`, and for a HEAD that has a handler of its own: its GET's description is its own.
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
