import Foundation
import HTTPTypes
import Hummingbird
import Locker
import NIOCore
import Streaming

/// `/api/v1/history`: the plays of an account. Players report them: a fetched Stream is not a play.
struct HistoryRoutes: Sendable {
    private static let longestBody = 4096
    /// Seconds that a player's clock may be ahead.
    private static let clockSlack = 24.0 * 60 * 60

    private static let advice = """
        send {"track": its id, "at": when it was heard, as in RFC 3339, or nothing for now, "stopped": seconds of the track at which \
        it stopped, or nothing}
        """

    let catalogue: Catalogue
    let engine: StreamEngine

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.History
        routes.resource(
            "/api/v1/history",
            [
                .read(.library, Document.list, list), .on(.post, .library, Document.add, add),
                .on(.delete, .library, Document.erase, erase)
            ])
    }

    private struct PlayRequest: Decodable {
        var track: PlainText
        var at: String?
        /// Seconds.
        var stopped: Double?
    }

    private struct PlayDocument: JSONWritable {
        var at: String
        /// Seconds.
        var stopped: Double?
        var track: TrackDocument

        func write(to text: inout JSONText) {
            text.object { text in
                text.key("at")
                text.value(at)
                text.key("stopped")
                text.value(stopped)
                text.key("track")
                track.write(to: &text)
            }
        }
    }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let page = try await catalogue.history(
            account: context.account, after: request.after, limit: request.pageLimit)
        let form = try await engine.form(for: request, context)
        let items = page.items.map { play in
            PlayDocument(
                at: TrackDocument.timestamp(milliseconds: play.at), stopped: play.stopped.map { Double($0) / 1000 },
                track: TrackDocument(play.track, form))
        }
        return try Response(ListDocument(items: items, next: page.next), for: request)
    }

    @Sendable private func add(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let play: PlayRequest = try await request.json(
            upTo: Self.longestBody,
            advice: Self.advice)
        let time = try play.at.map(Self.milliseconds)
        guard (0...1e6).contains(play.stopped ?? 0) else { throw Problem.badRequest(Self.advice) }
        let isThere = try await catalogue.markPlayed(
            id: play.track.text, account: context.account, at: time, stopped: play.stopped.map { Int(($0 * 1000).rounded()) },
            keeping: context.plan.terms.history)
        guard isThere else { throw Problem.notFound() }
        return Response(status: .noContent)
    }

    @Sendable private func erase(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try await catalogue.eraseHistory(account: context.account)
        return Response(status: .noContent)
    }

    /// Milliseconds since 1970 of a time that a player may name.
    private static func milliseconds(_ text: String) throws -> Int {
        guard let time = Timestamp(text) else {
            throw Problem.badRequest("at must be a time such as 2026-11-25T20:15:00Z")
        }
        let latest = (Date.now.timeIntervalSince1970 + clockSlack) * 1000
        guard time.milliseconds > 0, Double(time.milliseconds) < latest else {
            throw Problem.badRequest("at must be between 1970 and now")
        }
        return time.milliseconds
    }
}
