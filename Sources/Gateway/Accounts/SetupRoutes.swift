import Audio
import Foundation
import HTTPTypes
import Hummingbird
import Locker
import Synchronization

/// `/setup`: the page that makes the first account, with the one-time code that `serve` printed.
final class SetupRoutes: Sendable {
    private static let longestBody = 8192

    /// Nil after its use.
    private let code: Mutex<String?>
    private let catalogue: Catalogue
    private let logins: Logins

    init(code: String, catalogue: Catalogue, logins: Logins) {
        self.code = Mutex(code)
        self.catalogue = catalogue
        self.logins = logins
    }

    func add(to routes: inout Routes) {
        // The code takes the place of credentials.
        routes.resource("/setup", [.read(.everybody, nil, page), .on(.post, .everybody, nil, make)])
    }

    private struct Form: Decodable {
        var code: String
        var name: String
        var password: String
        var again: String
    }

    @Sendable private func page(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let code = request.uri.queryParameters["code"].map(String.init), isValid(code) else { throw Problem.notFound() }
        return Self.html(Self.form(code: code), for: request)
    }

    @Sendable private func make(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let bytes = try await request.bytes(upTo: Self.longestBody),
            let form = try? URLEncodedFormDecoder().decode(Form.self, from: String(buffer: bytes)), isValid(form.code)
        else { throw Problem.notFound() }
        func again(_ fault: String) -> Response {
            Self.html(Self.form(code: form.code, name: form.name, fault: fault), status: .badRequest, for: request)
        }
        if let fault = Account.fault(inName: form.name) { return again("A name \(fault).") }
        guard constantTimeEquals(form.password, form.again) else { return again("The two passwords differ.") }
        guard let hash = try await logins.hash(of: form.password) else { return again("Use at least 8 characters.") }
        let account: Int64
        do {
            account = try await catalogue.addAccount(named: form.name, password: hash, plan: Plan.usual, isFirst: true)
        } catch CatalogueError.nameTaken {
            code.withLock { $0 = nil }
            throw Problem.notFound()
        }
        code.withLock { $0 = nil }
        return try await logins.session(of: account, Self.html(Self.done(name: form.name), for: request), context)
    }

    private func isValid(_ text: String) -> Bool { code.withLock { $0.map { constantTimeEquals($0, text) } } ?? false }

    private static func html(_ body: String, status: HTTPResponse.Status = .ok, for request: Request) -> Response {
        let text = """
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>sweetspot</title>
            <style>
            body { font: 1rem/1.5 system-ui, sans-serif; max-width: 24rem; margin: 4rem auto; padding: 0 1rem; color: #1d2730 }
            h1 { font-size: 1.4rem } label { display: block; margin: 1rem 0 } [role=alert] { color: #a3261c }
            input { display: block; width: 100%; box-sizing: border-box; font: inherit; padding: .5rem; border: 1px solid #8b97a5; border-radius: .3rem }
            button { font: inherit; padding: .5rem 1.5rem; border: 0; border-radius: .3rem; background: #0b6e4f; color: #fff }
            </style>
            \(body)
            """
        let headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
            .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
            HTTPField.Name("Referrer-Policy")!: "no-referrer"
        ]
        return Response(status: status, headers: headers, content: Data(text.utf8), for: request.method)
    }

    private static func form(code: String, name: String = "", fault: String? = nil) -> String {
        """
        <h1>Make the first account</h1>
        \(fault.map { "<p role=alert>\($0.markup)</p>" } ?? "")
        <form method="post" action="/setup">
        <input type="hidden" name="code" value="\(code.markup)">
        <label>Name <input name="name" value="\(name.markup)" autocomplete="username" maxlength="64" required autofocus></label>
        <label>Password <input name="password" type="password" autocomplete="new-password" minlength="8" required></label>
        <label>Password again <input name="again" type="password" autocomplete="new-password" minlength="8" required></label>
        <button>Make account</button>
        </form>
        """
    }

    private static func done(name: String) -> String {
        """
        <h1>Welcome, \(name.markup)</h1>
        <p>Your account is there, and you are logged in on this browser.</p>
        <p>More accounts: <code>sweetspot account add NAME</code>. A key for programs: <code>sweetspot account key \(name.markup)</code>.</p>
        """
    }
}
