import Foundation
import HTTPTypes
import Hummingbird
import Locker
import NIOCore
import Synchronization

/// `/setup`: makes the first account, with the one-time code that `serve` printed. The page is the player's.
final class SetupRoutes: Sendable {
    private static let longestBody = 8192

    /// Nil after its use, and if an account can log in from the start.
    private let code: Mutex<String?>
    private let catalogue: Catalogue
    private let logins: Logins
    /// Nil if the player's files are missing.
    private let site: WebSite?

    init(code: String?, catalogue: Catalogue, logins: Logins, site: WebSite?) {
        self.code = Mutex(code)
        self.catalogue = catalogue
        self.logins = logins
        self.site = site
    }

    func add(to routes: inout Routes) {
        // The code takes the place of credentials.
        routes.resource("/setup", [.read(.everybody, nil, page), .on(.post, .everybody, nil, make)])
    }

    private struct Form: Decodable {
        var code: String
        var name: String
        var password: String
        /// The password again, of a form that no script compares.
        var again: String?
    }

    private struct AccountDocument: Encodable {
        var name: String
    }

    /// Invalid and used codes get 404: an outsider does not learn whether there is still one. To a person the page says it.
    @Sendable private func page(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let site else { throw Problem.notFound() }
        if let code = request.uri.queryParameters["code"].map(String.init), isValid(code) {
            return try site.page.response(to: request)
        }
        guard isFromPerson(request) else { throw Problem.notFound() }
        return try site.page.response(to: request, status: .notFound)
    }

    /// Whether a browser shows the answer itself.
    private func isFromPerson(_ request: Request) -> Bool { request.headers[.accept]?.contains("text/html") ?? false }

    /// Takes a JSON document or a form. A browser that sent a form by itself is led to the player; a script is told the name.
    @Sendable private func make(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let form = try await form(of: request), isValid(form.code) else { throw Problem.notFound() }
        if let fault = Account.fault(inName: form.name) { throw Problem.badRequest("a name \(fault)") }
        guard form.again.map({ constantTimeEquals(form.password, $0) }) ?? true else {
            throw Problem.badRequest("the two passwords differ")
        }
        guard let hash = try await logins.hash(of: form.password) else {
            throw Problem.badRequest("a password must have at least 8 characters")
        }
        let account: Int64
        do {
            account = try await catalogue.addAccount(named: form.name, password: hash, plan: Plan.usual, isFirst: true)
        } catch CatalogueError.nameTaken {
            code.withLock { $0 = nil }
            throw Problem.notFound()
        }
        code.withLock { $0 = nil }
        let answer =
            isFromPerson(request)
            ? Response(status: .seeOther, headers: [.location: "/", .cacheControl: "no-store"])
            : try Response(json: AccountDocument(name: form.name), status: .created, for: request)
        return try await logins.session(of: account, request, answer, context)
    }

    private func form(of request: Request) async throws -> Form? {
        guard let bytes = try await request.bytes(upTo: Self.longestBody) else { return nil }
        let isJSON = request.headers[.contentType]?.hasPrefix("application/json") ?? false
        return isJSON
            ? try? JSONDecoder().decode(Form.self, from: Data(bytes.readableBytesView))
            : try? URLEncodedFormDecoder().decode(Form.self, from: String(buffer: bytes))
    }

    private func isValid(_ text: String) -> Bool { code.withLock { $0.map { constantTimeEquals($0, text) } } ?? false }
}
