import HTTPTypes
import Hummingbird
import Locker

/// `/api/v1/sessions`: the devices that are logged in to the account, each of which can be ended.
struct SessionRoutes: Sendable {
    let catalogue: Catalogue

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Accounts
        routes.resource("/api/v1/sessions", [.read(.admin, Document.sessions, sessions)])
        routes.resource("/api/v1/sessions/:session", [.on(.delete, .admin, Document.endSession, end)])
    }

    private struct SessionDocument: Encodable {
        var id: String
        var created: String
        var used: String
        var client: String
        /// Whether it is the session of the request.
        var current: Bool

        init(_ session: Session, _ context: GatewayContext) {
            id = session.id
            created = Timestamp.text(milliseconds: session.created)
            used = Timestamp.text(milliseconds: session.used)
            client = session.client
            current = context.permission == .account(session.account, credential: session.credential)
        }
    }

    @Sendable private func sessions(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let page = try await catalogue.sessions(account: context.account, after: request.after, limit: request.pageLimit)
        return try Response(json: ListDocument(page) { SessionDocument($0, context) }, for: request)
    }

    @Sendable private func end(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("session")
        guard try await catalogue.endSession(id: id, account: context.account) else { throw Problem.notFound() }
        return Response(status: .noContent)
    }
}
