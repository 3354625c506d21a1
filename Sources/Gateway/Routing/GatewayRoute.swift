import HTTPTypes
import Hummingbird

typealias GatewayHandler = @Sendable (Request, GatewayContext) async throws -> Response

/// What a resource does for a method, and what a request needs for it.
struct GatewayRoute: Sendable {
    let methods: [HTTPRequest.Method]
    let scope: RouteScope
    let handler: GatewayHandler

    /// GET and HEAD.
    static func read(_ scope: RouteScope, _ handler: @escaping GatewayHandler) -> GatewayRoute {
        GatewayRoute(methods: [.get, .head], scope: scope, handler: handler)
    }

    static func get(_ scope: RouteScope, _ handler: @escaping GatewayHandler) -> GatewayRoute {
        GatewayRoute(methods: [.get], scope: scope, handler: handler)
    }

    static func head(_ scope: RouteScope, _ handler: @escaping GatewayHandler) -> GatewayRoute {
        GatewayRoute(methods: [.head], scope: scope, handler: handler)
    }

    static func post(_ scope: RouteScope, _ handler: @escaping GatewayHandler) -> GatewayRoute {
        GatewayRoute(methods: [.post], scope: scope, handler: handler)
    }

    static func put(_ scope: RouteScope, _ handler: @escaping GatewayHandler) -> GatewayRoute {
        GatewayRoute(methods: [.put], scope: scope, handler: handler)
    }

    static func patch(_ scope: RouteScope, _ handler: @escaping GatewayHandler) -> GatewayRoute {
        GatewayRoute(methods: [.patch], scope: scope, handler: handler)
    }

    static func delete(_ scope: RouteScope, _ handler: @escaping GatewayHandler) -> GatewayRoute {
        GatewayRoute(methods: [.delete], scope: scope, handler: handler)
    }

    static func options(_ scope: RouteScope, _ handler: @escaping GatewayHandler) -> GatewayRoute {
        GatewayRoute(methods: [.options], scope: scope, handler: handler)
    }
}
