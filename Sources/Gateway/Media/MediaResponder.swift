import Audio
import HTTPTypes
import Hummingbird
import Locker
import Logging
import Metrics
import NIOCore
import Packaging
import Streaming

/// Answers requests for media: files of known length and entity tag, by range, as fast as the client reads.
struct MediaResponder: Sendable {
    /// Bytes an answer may queue before it waits until the event loop has handled them.
    private static let mostQueued = 1 << 20

    /// The track was deleted while it was streamed, or the share that it was streamed by.
    private struct Deleted: Error {}

    let catalogue: Catalogue
    let cacheIsPublic: Bool
    let responseBytes: Counter
    let firstByte: Recorder
    let streams = StreamCount()
    private let decisions: [PlaybackDecision.Cause: Counter]

    init(catalogue: Catalogue, cacheIsPublic: Bool, metrics: any MetricsFactory) {
        self.catalogue = catalogue
        self.cacheIsPublic = cacheIsPublic
        responseBytes = Counter(label: "sweetspot_response_bytes_total", dimensions: [], factory: metrics)
        firstByte = Recorder(label: "sweetspot_first_byte_seconds", dimensions: [], aggregate: true, factory: metrics)
        decisions = Dictionary(
            uniqueKeysWithValues: PlaybackDecision.Cause.allCases.map { cause in
                let label = "sweetspot_decision_reasons_total"
                return (cause, Counter(label: label, dimensions: [("reason", cause.rawValue)], factory: metrics))
            })
    }

    func count(_ decision: PlaybackDecision) {
        for reason in decision.reasons { decisions[reason.cause]?.increment() }
    }

    /// Answers with the requested range. `open` returns once the first bytes are there, so that a failure can still change
    /// the status.
    ///
    /// - Parameters:
    ///   - isCounted: whether the answer is a stream; a plan may limit their number.
    ///   - onAdmission: called once the plan has admitted the stream; not called if the answer has no content.
    /// - Throws: 412 and 416 as ``ConditionalAnswer`` decides; 429 if the plan allows no further stream.
    func respond<Reading: MediaReading>(
        to asked: MediaRequest, _ fields: MediaFields, isCounted: Bool, onAdmission: () -> Void = {},
        open: @escaping @Sendable (Range<Int>) async throws -> Reading
    ) async throws -> Response {
        let (request, context, start) = (asked.request, asked.context, asked.start)
        let track = isCounted ? asked.track : nil
        let answer = ConditionalAnswer(to: request.head, length: fields.length, entityTag: fields.entityTag)
        let headers = fields.headers(for: answer)
        guard let range = answer.range(length: fields.length) else {
            if answer == .rangeNotSatisfiable { throw fields.notSatisfiable }
            if answer == .preconditionFailed { throw Problem.preconditionFailed(entityTag: fields.entityTag) }
            return Response(status: .notModified, headers: headers)
        }
        let status: HTTPResponse.Status = answer == .whole ? .ok : .partialContent
        if request.method == .head { return Response(status: status, headers: headers, body: .withheld(length: range.count)) }
        let use = try track.map { try admit($0.id, of: $0.account, by: asked.wishes.player, context) }
        onAdmission()
        let removals = catalogue.removals
        let opened = Handover(try await context.whileConnected { try await open(range) })
        let body = ResponseBody(contentLength: range.count) { writer in
            defer { withExtendedLifetime(use) {} }
            guard var reading = opened.take() else { return }
            var isFirst = true
            var queued = 0
            var removals = removals
            while let bytes = try await reading.next(whileConnected: whileConnected(for: track, since: removals, context)) {
                if let track, catalogue.removals != removals {
                    removals = catalogue.removals
                    guard try await catalogue.isStored(track, sharedBy: context.permission?.share) else { throw Deleted() }
                }
                if isFirst { firstByte.record((ContinuousClock.now - start) / .seconds(1)) }
                isFirst = false
                responseBytes.increment(by: bytes.readableBytes)
                queued += bytes.readableBytes
                try await writer.write(bytes)
                // A write only queues for the event loop, and only the loop notices that the client takes nothing: until
                // then a source faster than a busy loop would fill the memory.
                if queued >= Self.mostQueued {
                    try await context.channel.eventLoop.submit {}.get()
                    queued = 0
                }
            }
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }

    /// Counts an answer against the account's plan, until what is returned is released.
    ///
    /// - Parameter id: of the track, or of what else is sent as one stream.
    /// - Throws: 429 if the plan allows no further stream.
    func admit(_ id: String, of account: Int64, by player: String?, _ context: GatewayContext) throws -> StreamCount.Use {
        guard let use = streams.begin(id, of: account, by: player, limit: context.plan.terms.streams) else {
            throw Problem(
                status: .tooManyRequests, slug: .tooManyStreams, detail: "the plan has no more streams at once", track: id,
                headers: [.retryAfter: "30"], limit: .streams)
        }
        return use
    }

    /// Waits that end when the client leaves, or the track or its share is removed.
    private func whileConnected(
        for track: Track?, since removals: Int, _ context: GatewayContext
    ) -> StreamReading.WhileConnected {
        { wait in
            try await context.whileConnected {
                guard let track else { return try await wait() }
                try await catalogue.whileStored(track, sharedBy: context.permission?.share, since: removals, wait)
            }
        }
    }

    /// The fields of every answer about one file.
    func fields(
        for asked: MediaRequest, _ entityTag: String, length: Int, _ type: (mediaType: String, fileExtension: String)
    ) -> MediaFields {
        var scope = "private"
        // A shared cache would go on after the end of a share.
        if cacheIsPublic, case .ticket(let ticket) = asked.context.permission, ticket.share == nil { scope = "public" }
        let isVersioned = asked.wishes.version != nil
        let seconds = max(0, asked.track.duration - asked.wishes.start)
        return MediaFields(
            entityTag: entityTag, length: length, type: type.mediaType,
            duration: asked.wishes.tellsDuration ? "\((seconds * 1000).rounded() / 1000)" : nil,
            cacheControl: isVersioned ? "\(scope), max-age=31536000, immutable" : "\(scope), max-age=86400, no-transform",
            disposition: contentDisposition(title: asked.track.title, fileExtension: type.fileExtension))
    }
}
