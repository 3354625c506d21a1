import Hummingbird
import Locker

/// `/api/v1/app-passwords`: the passwords of programs that speak Subsonic, one for each.
struct AppPasswordRoutes: Sendable {
    private static let longestLabel = 200

    let catalogue: Catalogue
    let seal: AppPasswordSeal

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Accounts
        routes.resource(
            "/api/v1/app-passwords",
            [.read(.admin, Document.appPasswords, list), .on(.post, .admin, Document.addAppPassword, make)])
        routes.resource("/api/v1/app-passwords/:password", [.on(.delete, .admin, Document.revokeAppPassword, revoke)])
    }

    private struct PasswordDocument: Encodable {
        var id: String
        var label: String
        var created: String
        @Nullable var used: String?
        /// Only in the answer that makes the password.
        var password: String?

        init(_ password: AppPassword, text: String? = nil) {
            id = password.id
            label = password.label
            created = Timestamp.text(milliseconds: password.created)
            used = password.used.map { Timestamp.text(milliseconds: $0) }
            self.password = text
        }
    }

    private struct PasswordRequest: Decodable {
        var label: PlainText?
    }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let passwords = try await catalogue.appPasswords(account: try context.account)
        return try Response(json: ListDocument(items: passwords.map { PasswordDocument($0) }), for: request)
    }

    @Sendable private func make(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let asked: PasswordRequest = try await request.json(
            upTo: 8192, advice: #"send {"label": without control characters}"#)
        let label = asked.label?.text ?? ""
        guard label.utf8.count <= Self.longestLabel else {
            throw Problem.badRequest("a label must have at most \(Self.longestLabel) bytes")
        }
        do {
            let made = try await catalogue.addAppPassword(account: try context.account, label: label, seal: seal)
            return try Response(
                json: PasswordDocument(made.password, text: made.text), status: .created,
                headers: [.location: "/api/v1/app-passwords/\(made.password.id)"], for: request)
        } catch CatalogueError.tooManyAppPasswords {
            throw Problem(
                status: .conflict, detail: "there are \(Catalogue.mostAppPasswords) app passwords already: revoke one")
        }
    }

    @Sendable private func revoke(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("password")
        guard try await catalogue.revokeAppPassword(id: id, account: try context.account) else { throw Problem.notFound() }
        return Response(status: .noContent)
    }
}
