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
        it stopped, or nothing, "heard": seconds of sound that were heard, or nothing, "source": player, subsonic, scrobble, import, or \
        nothing for player}
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
        /// Seconds.
        var heard: Double?
        var source: String?
    }

    private struct PlayDocument: JSONWritable {
        var at: String
        /// Seconds.
        var stopped: Double?
        /// Seconds.
        var heard: Double?
        var source: String?
        var track: TrackDocument

        func write(to text: inout JSONText) {
            text.object { text in
                text.key("at")
                text.value(at)
                text.key("heard")
                text.value(heard)
                text.key("source")
                text.value(source)
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
                at: Timestamp.text(milliseconds: play.at), stopped: play.stopped.map { Double($0) / 1000 },
                heard: play.heard.map { Double($0) / 1000 }, source: play.source.name, track: TrackDocument(play.track, form))
        }
        return try Response(ListDocument(items: items, next: page.next), for: request)
    }

    @Sendable private func add(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let play: PlayRequest = try await request.json(
            upTo: Self.longestBody,
            advice: Self.advice)
        let time = try play.at.map(Self.milliseconds)
        let source = play.source.map { PlaySource(rawValue: $0) } ?? .player
        guard let source, source != .unknown, [play.stopped, play.heard].allSatisfy({ (0...1e6).contains($0 ?? 0) }) else {
            throw Problem.badRequest(Self.advice)
        }
        func milliseconds(_ seconds: Double) -> Int { Int((seconds * 1000).rounded()) }
        let isThere = try await catalogue.markPlayed(
            id: play.track.text, account: context.account, at: time, stopped: play.stopped.map(milliseconds),
            heard: play.heard.map(milliseconds), source: source, keeping: context.plan.terms.history)
        guard isThere else { throw Problem.notFound() }
        return Response(status: .noContent)
    }

    @Sendable private func erase(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let account = try context.account
        let (from, to) = (try Self.bound("from", of: request), try Self.bound("to", of: request))
        if from == nil, to == nil {
            try await catalogue.eraseHistory(account: account)
        } else {
            let start = from ?? .min
            try await catalogue.eraseHistory(account: account, in: start..<max(start, to ?? .max))
        }
        return Response(status: .noContent)
    }

    /// Milliseconds since 1970 of a time in the query; nil if it is not there.
    private static func bound(_ name: String, of request: Request) throws -> Int? {
        guard let text = request.uri.queryParameters[name[...]] else { return nil }
        guard let time = Timestamp(String(text)) else {
            throw Problem.badRequest("\(name) must be a time such as 2026-11-25T20:15:00Z")
        }
        return time.milliseconds
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

extension PlaySource {
    /// As documents have it; nil if it is not known.
    var name: String? { self == .unknown ? nil : rawValue }
}
