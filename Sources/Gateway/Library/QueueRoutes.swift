import HTTPTypes
import Hummingbird
import Locker
import Packaging
import Streaming

/// `/api/v1/queue`: what an account was about to hear, for all its devices.
struct QueueRoutes: Sendable {
    private static let longestBody = 1 << 20

    let catalogue: Catalogue
    let engine: StreamEngine

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Library
        routes.resource(
            "/api/v1/queue",
            [.read(.library, Document.queue, queue), .on(.put, .library, Document.setQueue, setQueue)])
        routes.resource("/api/v1/queue/tracks", [.read(.library, Document.queueTracks, tracks)])
    }

    private struct QueueDocument: JSONWritable {
        /// Nil before the first.
        var queue: PlayQueue?

        func write(to text: inout JSONText) {
            text.object { text in
                text.key("changed")
                text.value(queue.map { Timestamp.text(milliseconds: $0.changed) })
                text.key("current")
                text.value(queue?.current)
                text.key("position")
                text.value(Double(queue?.position ?? 0) / 1000)
                text.key("tracks")
                text.array { text in for track in queue?.tracks ?? [] { text.value(track) } }
            }
        }

        /// As GET has it.
        var entityTag: String {
            var text = JSONText()
            write(to: &text)
            return EntityTag.bytes(text.bytes)
        }
    }

    private struct QueueRequest: Decodable {
        var tracks: [PlainText]
        var current: Int?
        var position: Double?
    }

    @Sendable private func queue(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try Response(QueueDocument(queue: try await catalogue.playQueue(account: context.account)), for: request)
    }

    @Sendable private func tracks(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let page = try await catalogue.tracks(
            ofQueue: context.account, after: request.after, at: request.place, limit: request.pageLimit)
        return try await engine.response(page, for: request, context)
    }

    /// Replaces the queue. With `If-Match`, of two devices that change the same queue only the first succeeds.
    @Sendable private func setQueue(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let advice = #"send {"tracks": [at most 10000 ids], "current": a place among them, "position": seconds in it}"#
        let asked: QueueRequest = try await request.json(upTo: Self.longestBody, advice: advice)
        let position = asked.position ?? 0
        guard asked.tracks.count <= PlayQueue.mostTracks, (0...1e6).contains(position),
            asked.current.map(asked.tracks.indices.contains) ?? true
        else { throw Problem.badRequest(advice) }
        let precondition = Precondition(request)
        let queue = try await catalogue.setPlayQueue(
            tracks: asked.tracks.map(\.text), current: asked.current, position: Int((position * 1000).rounded()),
            account: context.account
        ) { try precondition?.require(QueueDocument(queue: $0).entityTag) }
        return Response(
            status: .noContent, headers: [.eTag: EntityTag.quoted(QueueDocument(queue: queue).entityTag)])
    }
}
