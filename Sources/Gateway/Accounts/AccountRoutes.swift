import Audio
import Foundation
import HTTPTypes
import Hummingbird
import Intake
import Locker
import Streaming

/// `/api/v1/session`, `/api/v1/me` and `/api/v1/keys`: logins, the account, and keys for programs.
struct AccountRoutes: Sendable {
    /// Most keys of an account.
    private static let mostKeys = 100
    private static let longestLabel = 200
    private static let longestBody = 8192

    let catalogue: Catalogue
    let logins: Logins
    let intake: Intake
    let engine: StreamEngine

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Accounts
        // Logging in needs no credentials.
        routes.resource(
            "/api/v1/session",
            [.on(.post, .everybody, Document.logIn, logIn), .on(.delete, .everybody, Document.logOut, logOut)])
        routes.resource(
            "/api/v1/me", [.read(.anyKey, Document.me, me), .on(.delete, .admin, Document.remove, remove)])
        routes.resource(
            "/api/v1/keys", [.read(.admin, Document.keys, keys), .on(.post, .admin, Document.addKey, addKey)])
        routes.resource("/api/v1/keys/:key", [.on(.delete, .admin, Document.revokeKey, revokeKey)])
    }

    private struct Credentials: Decodable {
        var name: PlainText
        var password: String
    }

    @Sendable private func logIn(_ request: Request, _ context: GatewayContext) async throws -> Response {
        // A page of another site could log its visitors in to an account of the attacker.
        try Authentication.requireOwnPage(of: request, context.client, "logging in is for programs, and")
        let credentials: Credentials = try await request.json(
            upTo: Self.longestBody, advice: #"send {"name": without control characters, "password": …}"#)
        let account = try await logins.account(named: credentials.name.text, password: credentials.password, context)
        return try await logins.session(
            of: account, request, Response(status: .noContent, headers: [.cacheControl: "no-store"]), context)
    }

    @Sendable private func logOut(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try Authentication.requireField(of: request, context.client)
        if let secret = request.cookies[Authentication.cookie]?.value { try await catalogue.endSession(secret) }
        return logins.ending(Response(status: .noContent, headers: [.cacheControl: "no-store"]), context)
    }

    private struct AccountDocument: Encodable {
        var name: String
        var plan: String
        var tracks: Int
        var bytes: Int
        @Nullable var quota: Int?
        var terms: TermsDocument
    }

    /// What the plan allows, beside the quota; null is any number.
    private struct TermsDocument: Encodable {
        /// The best lossy rung; null if all that are offered are in it.
        @Nullable var maxRendition: String?
        var lossless: Bool
        @Nullable var streams: Int?
        @Nullable var playlists: Int?
        var playlistTracks: Int
        @Nullable var history: Int?

        init(_ plan: Plan) {
            maxRendition = plan.best?.name
            lossless = plan.isLossless
            streams = plan.streams
            playlists = plan.playlists
            playlistTracks = plan.playlistTracks
            history = plan.history
        }
    }

    @Sendable private func me(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let account = try await catalogue.account(id: try context.account) else { throw Problem.unauthorised }
        let document = AccountDocument(
            name: account.name, plan: account.plan, tracks: account.tracks, bytes: account.bytes,
            quota: context.plan.terms.quota?.bytes, terms: TermsDocument(context.plan.terms))
        return try Response(json: document, for: request)
    }

    private struct RemovalRequest: Decodable {
        var password: String
    }

    /// Erases the account and everything in it, if the request repeats the account's password.
    @Sendable private func remove(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let asked: RemovalRequest = try await request.json(upTo: Self.longestBody, advice: #"send {"password": …}"#)
        let id = try context.account
        guard let account = try await catalogue.account(id: id) else { throw Problem.unauthorised }
        let known = try await logins.account(named: account.name, password: asked.password, context)
        guard known == id else { throw Problem.unauthorised }
        _ = try await intake.removeAccount(id) { await engine.forget($0) }
        return logins.ending(Response(status: .noContent, headers: [.cacheControl: "no-store"]), context)
    }

    private struct KeyDocument: Encodable {
        var id: String
        var label: String
        var scopes: [String]
        var created: String
        @Nullable var used: String?
        /// Only in the answer that makes the key.
        var key: String?

        init(_ key: APIKey, secret: Secret? = nil) {
            id = key.id
            label = key.label
            scopes = key.scopes.names
            created = Timestamp.text(milliseconds: key.created)
            used = key.used.map { Timestamp.text(milliseconds: $0) }
            self.key = secret?.text
        }
    }

    private struct KeyRequest: Decodable {
        var label: PlainText?
        var scopes: [String]?
    }

    @Sendable private func keys(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let keys = try await catalogue.keys(account: try context.account)
        return try Response(json: ListDocument(items: keys.map { KeyDocument($0) }), for: request)
    }

    @Sendable private func addKey(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let account = try context.account
        let asked: KeyRequest = try await request.json(
            upTo: Self.longestBody, advice: #"send {"label": without control characters, "scopes": ["stream", …]}"#)
        let label = asked.label?.text ?? ""
        guard label.utf8.count <= Self.longestLabel else {
            throw Problem.badRequest("a label must have at most \(Self.longestLabel) bytes")
        }
        guard let scopes = asked.scopes.map({ Scope(names: $0) }) ?? .all, !scopes.isEmpty else {
            throw Problem.badRequest("scopes must be among \(Scope.all.names.joined(separator: ", "))")
        }
        guard try await catalogue.keys(account: account).count < Self.mostKeys else {
            throw Problem(status: .conflict, detail: "there are \(Self.mostKeys) keys already: revoke one")
        }
        let (key, secret) = try await catalogue.addKey(account: account, label: label, scopes: scopes)
        return try Response(
            json: KeyDocument(key, secret: secret), status: .created, headers: [.location: "/api/v1/keys/\(key.id)"], for: request
        )
    }

    @Sendable private func revokeKey(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("key")
        guard try await catalogue.revokeKey(id: id, account: try context.account) else { throw Problem.notFound() }
        return Response(status: .noContent)
    }
}
