import Crypto
import Foundation
import Hummingbird
import Locker

/// `/api/v1/shares`: what an account lets others hear, each by a link of its own.
struct ShareRoutes: Sendable {
    /// Bytes of the owner's words.
    private static let longestDescription = 1000
    private static let longestBody = 64 << 10
    private static let advice = """
        send one of "tracks": [1 to \(Share.mostTracks) ids], "album": id and "playlist": id, with "description": at most \
        \(longestDescription) bytes without control characters, and "expires": a time such as 2026-12-24T20:00:00Z, or null
        """

    let catalogue: Catalogue
    let key: SymmetricKey

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Shares
        routes.resource("/api/v1/shares", [.read(.library, Document.list, list), .on(.post, .library, Document.add, add)])
        routes.resource(
            "/api/v1/shares/:share",
            [
                .read(.library, Document.one, one), .on(.patch, .library, Document.change, change),
                .on(.delete, .library, Document.remove, remove)
            ])
    }

    private struct ShareDocument: Encodable {
        var id: String
        var url: String
        var kind: String
        var name: String
        var description: String
        var tracks: Int
        var created: String
        @Nullable var expires: String?
        @Nullable var visited: String?
        var visits: Int

        init(_ share: Share, key: SymmetricKey) {
            id = share.id
            url = ShareToken(of: share.id, key: key).path
            kind = share.kind.rawValue
            name = share.name
            description = share.description
            tracks = share.tracks
            created = Timestamp.text(milliseconds: share.created)
            expires = share.expires.map { Timestamp.text(milliseconds: $0) }
            visited = share.visited.map { Timestamp.text(milliseconds: $0) }
            visits = share.visits
        }
    }

    private struct ShareRequest: Decodable {
        private enum CodingKeys: CodingKey {
            case tracks, album, playlist, description, expires
        }

        var tracks: [PlainText]?
        var album: PlainText?
        var playlist: PlainText?
        var description: PlainText?
        /// Nil if there is no such member; a nil within is null.
        var expires: String??

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            tracks = try container.decodeIfPresent([PlainText].self, forKey: .tracks)
            album = try container.decodeIfPresent(PlainText.self, forKey: .album)
            playlist = try container.decodeIfPresent(PlainText.self, forKey: .playlist)
            description = try container.decodeIfPresent(PlainText.self, forKey: .description)
            if container.contains(.expires) {
                expires = .some(try container.decodeIfPresent(String.self, forKey: .expires))
            }
        }

        /// Nil unless the request names exactly one.
        var subject: Share.Subject? {
            var subjects: [Share.Subject] = []
            if let tracks { subjects.append(.tracks(tracks.map(\.text))) }
            if let album { subjects.append(.album(album.text)) }
            if let playlist { subjects.append(.playlist(playlist.text)) }
            return subjects.count == 1 ? subjects[0] : nil
        }
    }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let page = try await catalogue.shares(account: context.account, after: request.after, limit: request.pageLimit)
        return try Response(json: ListDocument(page) { ShareDocument($0, key: key) }, for: request)
    }

    @Sendable private func one(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("share")
        guard let share = try await catalogue.share(id: id, account: context.account) else { throw Problem.notFound() }
        return try Response(json: ShareDocument(share, key: key), for: request)
    }

    @Sendable private func add(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let asked = try await body(of: request)
        guard let subject = asked.subject else { throw Problem.badRequest(Self.advice) }
        if case .tracks(let ids) = subject, !(1...Share.mostTracks).contains(ids.count) { throw Problem.badRequest(Self.advice) }
        let expires = try (asked.expires ?? nil).map(Self.end)
        let share: Share?
        do {
            share = try await catalogue.addShare(
                of: subject, description: asked.description?.text ?? "", expires: expires, account: context.account)
        } catch CatalogueError.tooManyShares {
            throw Problem.overQuota("there are \(Share.most) shares already: delete one")
        }
        guard let share else { throw Problem.notFound() }
        return try Response(
            json: ShareDocument(share, key: key), status: .created, headers: [.location: "/api/v1/shares/\(share.id)"],
            for: request)
    }

    @Sendable private func change(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("share")
        let asked = try await body(of: request)
        let expires = try asked.expires.map { try $0.map(Self.end) }
        let share = try await catalogue.changeShare(
            id: id, description: asked.description?.text, expires: expires, account: context.account)
        guard let share else { throw Problem.notFound() }
        return try Response(json: ShareDocument(share, key: key), for: request)
    }

    @Sendable private func remove(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("share")
        guard try await catalogue.removeShare(id: id, account: context.account) else { throw Problem.notFound() }
        return Response(status: .noContent)
    }

    private func body(of request: Request) async throws -> ShareRequest {
        let asked: ShareRequest = try await request.json(upTo: Self.longestBody, advice: Self.advice)
        guard asked.description?.text.utf8.count ?? 0 <= Self.longestDescription else { throw Problem.badRequest(Self.advice) }
        return asked
    }

    private static func end(_ text: String) throws -> Int {
        guard let time = Timestamp(text), Double(time.milliseconds) > Date.now.timeIntervalSince1970 * 1000 else {
            throw Problem.badRequest("expires must be a time to come, such as 2026-12-24T20:00:00Z, or null")
        }
        return time.milliseconds
    }
}
