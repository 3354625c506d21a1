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
    /// Bytes an answer may queue before it waits for the event loop to have met them.
    private static let mostQueued = 1 << 20

    /// The track was deleted while it was streamed.
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

    /// What `answer` gives; what it fails with is told as a problem of the track, and logged where it is the server's.
    func answering<Answer>(
        _ track: Track, _ context: GatewayContext, _ answer: () async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await answer()
        } catch let error as StreamError {
            let problem = Problem(error, track: track.id)
            if problem.slug == .renderFailed {
                context.logger.error("stream failed", metadata: ["track": "\(track.id)", "error": "\(error)"])
            }
            throw problem
        }
    }

    /// Answers with the range asked for. `open` returns once the first bytes are there, so that a failure is still a status.
    ///
    /// - Parameters:
    ///   - track: whose media it is, as far as the plan counts streams; nil for what is none.
    ///   - onAdmission: called once the plan has let the stream in, and not for an answer that is none.
    /// - Throws: 429 where the plan has no stream left.
    func respond<Reading: MediaReading>(
        to request: Request, _ context: GatewayContext, _ fields: MediaFields, streaming track: Track?,
        since start: ContinuousClock.Instant, onAdmission: () -> Void = {},
        open: @escaping @Sendable (Range<Int>) async throws -> Reading
    ) async throws -> Response {
        let answer = MediaAnswer(to: request.head, length: fields.length, entityTag: fields.entityTag)
        let headers = fields.headers(for: answer)
        guard let range = answer.range(length: fields.length) else {
            if answer == .rangeNotSatisfiable { throw fields.notSatisfiable }
            if answer == .preconditionFailed { throw Problem.preconditionFailed(entityTag: fields.entityTag) }
            return Response(status: .notModified, headers: headers)
        }
        let status: HTTPResponse.Status = answer == .whole ? .ok : .partialContent
        if request.method == .head { return Response(status: status, headers: headers, body: .withheld(length: range.count)) }
        let use = try track.map { track in
            let use = streams.begin(track.id, of: track.account, limit: context.plan.plan.streams)
            guard let use else {
                throw Problem(
                    status: .tooManyRequests, slug: .tooManyStreams, detail: "the plan has no more streams at once",
                    track: track.id,
                    headers: [.retryAfter: "30"])
            }
            return use
        }
        onAdmission()
        let removals = catalogue.removals
        let opened = Handover(try await context.whileConnected { try await open(range) })
        let body = ResponseBody(contentLength: range.count) { writer in
            defer { withExtendedLifetime(use) {} }
            guard var reading = opened.take() else { return }
            var isFirst = true
            var queued = 0
            var removals = removals
            while let bytes = try await reading.next(waiting: waiting(for: track, since: removals, context)) {
                if let track, catalogue.removals != removals {
                    removals = catalogue.removals
                    guard try await catalogue.recentTrack(id: track.id, account: track.account) != nil else { throw Deleted() }
                }
                if isFirst { firstByte.record((ContinuousClock.now - start) / .seconds(1)) }
                isFirst = false
                responseBytes.increment(by: bytes.readableBytes)
                queued += bytes.readableBytes
                try await writer.write(bytes)
                // A write only queues for the event loop, which alone knows that a client takes nothing: a source faster than a
                // busy loop would fill the memory meanwhile.
                if queued >= Self.mostQueued {
                    try await context.channel.eventLoop.submit {}.get()
                    queued = 0
                }
            }
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }

    /// Waits that end when the client leaves, or the track is removed.
    private func waiting(
        for track: Track?, since removals: Int, _ context: GatewayContext
    ) -> StreamReading.Waiting {
        { wait in
            try await context.whileConnected {
                guard let track else { return try await wait() }
                try await catalogue.whileStored(track, since: removals, wait)
            }
        }
    }

    func fields(
        of track: Track, entityTag: String, length: Int, type: String, fileExtension: String, _ request: Request,
        _ permission: Permission?
    ) -> MediaFields {
        var scope = "private"
        if cacheIsPublic, case .ticket = permission { scope = "public" }
        let isVersioned = request.uri.queryParameters["v"] != nil
        return MediaFields(
            entityTag: entityTag, length: length, type: type,
            cacheControl: isVersioned ? "\(scope), max-age=31536000, immutable" : "\(scope), max-age=86400, no-transform",
            disposition: contentDisposition(title: track.title, fileExtension: fileExtension))
    }

    /// A link made for bytes that have since changed leads to the current ones, its other parameters kept.
    func staleVersion(_ request: Request, entityTag: String) -> Response? {
        guard let version = request.uri.queryParameters["v"], version != entityTag.prefix(8) else { return nil }
        let kept = (request.uri.query ?? "").pieces(at: "&").filter { $0 != "v" && !$0.utf8.starts(with: "v=".utf8) }
        let query = (["v=\(entityTag.prefix(8))"] + kept.map(String.init)).joined(separator: "&")
        // Two slashes at its start would name another host here; such a path is none (``OneSpelling``).
        return Response(
            status: .temporaryRedirect, headers: [.location: "\(request.uri.path)?\(query)", .cacheControl: "no-store"])
    }
}
