import Audio
import HTTPTypes
import Hummingbird
import Locker

/// `/api/v1/me/scrobbling`: the services that are told what the account plays, by its own tokens there.
struct ScrobblingRoutes: Sendable {
    private static let longestToken = 200

    let catalogue: Catalogue
    let seal: AppPasswordSeal
    let protocols: [any ScrobbleProtocol]
    let client: ScrobbleClient

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Accounts
        routes.resource("/api/v1/me/scrobbling", [.read(.admin, Document.scrobbling, list)])
        // Each service has its own path, as there are a few and a client knows them by name.
        for service in ScrobbleService.allCases {
            routes.resource(
                "/api/v1/me/scrobbling/\(service.rawValue)",
                [
                    .on(.put, .admin, Document.setScrobbler) { try await set(service, $0, $1) },
                    .on(.delete, .admin, Document.removeScrobbler) { try await remove(service, $0, $1) }
                ])
        }
    }

    private struct ScrobblerDocument: Encodable {
        var service: String
        /// Whether the server can tell this service.
        var offered: Bool
        var enabled: Bool
        @Nullable var name: String?
        @Nullable var since: String?
        var sent: Int
        var waiting: Int
        @Nullable var problem: String?
        /// Where a listener gets a token for this server; null if it is on the listener's own page there.
        @Nullable var authorise: String?

        init(_ service: ScrobbleService, _ words: (any ScrobbleProtocol)?, _ known: Scrobbler?) {
            self.service = service.rawValue
            offered = words != nil
            enabled = known != nil
            name = known?.name
            since = known.map { Timestamp.text(milliseconds: $0.since) }
            (sent, waiting, problem) = (known?.sent ?? 0, known?.waiting ?? 0, known?.fault)
            authorise = (words as? LastFM)?.authorisation
        }
    }

    private struct TokenRequest: Decodable {
        var token: PlainText
    }

    private func document(_ service: ScrobbleService, _ account: Int64) async throws -> ScrobblerDocument {
        let known = try await catalogue.scrobblers(account: account).first { $0.service == service }
        return ScrobblerDocument(service, protocols.first { $0.service == service }, known)
    }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let account = try context.account
        var items: [ScrobblerDocument] = []
        for service in ScrobbleService.allCases { items.append(try await document(service, account)) }
        return try Response(json: ListDocument(items: items), for: request)
    }

    private func set(_ service: ScrobbleService, _ request: Request, _ context: GatewayContext) async throws -> Response {
        let account = try context.account
        let advice = #"send {"token": the account's token at the service}"#
        let asked: TokenRequest = try await request.json(upTo: 4096, advice: advice)
        let token = asked.token.text
        guard !token.isEmpty, token.utf8.count <= Self.longestToken, token.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw Problem.badRequest(advice)
        }
        guard let words = protocols.first(where: { $0.service == service }) else {
            throw Problem(
                status: .conflict, detail: "this server does not tell \(service.rawValue): its configuration has no key for it")
        }
        guard let known = try await introduce(token, words) else {
            throw Problem.badRequest("\(words.title) does not know this token")
        }
        try await catalogue.setScrobbler(service, name: known.name.printable, token: known.token, account: account, seal: seal)
        return try Response(json: try await document(service, account), for: request)
    }

    private func introduce(_ token: String, _ words: any ScrobbleProtocol) async throws -> (name: String, token: String)? {
        do {
            let answer = try await client.send(words.introduction(token: token))
            return try words.introduced(token: token, status: answer.status, body: answer.body)
        } catch {
            throw Problem(
                status: .serviceUnavailable, slug: .busy, detail: "\(words.title) does not answer: try again later",
                headers: [.retryAfter: "60"])
        }
    }

    private func remove(_ service: ScrobbleService, _ request: Request, _ context: GatewayContext) async throws -> Response {
        try await catalogue.removeScrobbler(service, account: context.account)
        return Response(status: .noContent)
    }
}
