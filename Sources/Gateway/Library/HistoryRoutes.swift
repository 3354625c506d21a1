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

    /// Milliseconds since 1970 of an RFC 3339 time that a player may name.
    private static func milliseconds(_ text: String) throws -> Int {
        let styles = [true, false].map { Date.ISO8601FormatStyle(includingFractionalSeconds: $0) }
        guard text.utf8.count <= 40, isTimestamp(text), let date = styles.lazy.compactMap({ try? Date(text, strategy: $0) }).first
        else {
            throw Problem.badRequest("at must be a time such as 2026-11-25T20:15:00Z")
        }
        let seconds = date.timeIntervalSince1970
        guard seconds > 0, seconds < Date.now.timeIntervalSince1970 + clockSlack else {
            throw Problem.badRequest("at must be between 1970 and now")
        }
        return Int((seconds * 1000).rounded())
    }

    /// Whether `text` has RFC 3339's form (§5.6, `date-time`): Foundation accepts signs and other forms of ISO 8601 too.
    private static func isTimestamp(_ text: String) -> Bool {
        func matches(_ bytes: some Collection<UInt8>, _ form: String) -> Bool {
            bytes.count == form.utf8.count
                && zip(bytes, form.utf8).allSatisfy { $1 == UInt8(ascii: "0") ? (0x30...0x39).contains($0) : $0 == $1 }
        }
        let bytes = Array(text.utf8)
        guard matches(bytes.prefix(19), "0000-00-00T00:00:00") else { return false }
        var rest = bytes.dropFirst(19)
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            if fraction.isEmpty { return false }
            rest = rest[fraction.endIndex...]
        }
        return ["Z", "+00:00", "-00:00"].contains { matches(rest, $0) }
    }
}
