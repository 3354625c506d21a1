import HTTPTypes
import Hummingbird
import NIOCore

/// `/healthz`, `/readyz`, `/metrics`: for orchestrators and Prometheus, without credentials.
struct StatusRoutes: Sendable {
    let metrics: PrometheusMetrics
    let imports: ImportProgressBoard

    func add(to routes: inout Routes) {
        routes.resource("/healthz", [.read(.everybody, nil) { request, _ in try Self.text("ok\n", for: request) }])
        routes.resource("/readyz", [.read(.everybody, nil, readiness)])
        routes.resource("/metrics", [.read(.everybody, nil, figures)])
    }

    @Sendable private func readiness(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let state = imports.state
        return try Response(json: state, status: state.isReady ? .ok : .serviceUnavailable, for: request)
    }

    @Sendable private func figures(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try Self.text(metrics.text(), for: request, type: "text/plain; version=0.0.4; charset=utf-8")
    }

    private static func text(
        _ text: String, for request: Request, type: String = "text/plain; charset=utf-8"
    ) throws -> Response {
        try TextAnswer(Array(text.utf8), type: type).response(to: request, headers: [.cacheControl: "no-store"])
    }
}
