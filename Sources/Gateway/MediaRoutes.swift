import Audio
import HTTPTypes
import Hummingbird
import Locker
import Logging
import Metrics
import NIOCore
import Originals
import Packaging
import Streaming

/// `/stream/{track}/{rendition}[.ext]` and `/art/{track}`: Streams, Originals and covers by byte range.
struct MediaRoutes: Sendable {
    let catalogue: Catalogue
    let originals: any OriginalStore
    let engine: StreamEngine
    let offered: Set<Rendition>
    let cacheIsPublic: Bool
    let responseBytes: Counter
    let firstByte: Recorder

    init(
        catalogue: Catalogue, originals: any OriginalStore, engine: StreamEngine, configuration: ServerConfiguration,
        metrics: any MetricsFactory
    ) {
        self.catalogue = catalogue
        self.originals = originals
        self.engine = engine
        offered = configuration.renditions
        cacheIsPublic = configuration.cacheIsPublic
        responseBytes = Counter(label: "sweetspot_response_bytes_total", dimensions: [], factory: metrics)
        firstByte = Recorder(label: "sweetspot_first_byte_seconds", dimensions: [], aggregate: true, factory: metrics)
    }

    func add(to router: some RouterMethods<GatewayContext>, authentication: Authentication) {
        let media = router.group().add(middleware: CrossOrigin()).add(middleware: ProblemMiddleware())
        func resource(_ path: RouterPath, _ answer: @escaping GatewayHandler) {
            let handler: GatewayHandler = { request, context in
                try await authentication.handle(request, context: context) { try await answer($0, $1) }
            }
            let preflight: GatewayHandler = { request, context in CrossOrigin.preflight(request, context) }
            media.resource(path, [.get: handler, .head: handler, .options: preflight])
        }
        resource("/stream/:track/:file", answer)
        resource("/art/:track", art)
    }

    @Sendable private func answer(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let start = ContinuousClock.now
        let file = try context.parameters.require("file")
        let id = try context.parameters.require("track")
        let parts = file.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let (name, fileExtension) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
        guard let permission = context.permission else { throw Problem.unauthorised }
        guard let track = try await catalogue.track(id: id, account: permission.account) else { throw Problem.notFound() }
        if case .ticket(let ticket, _) = permission, !ticket.permits(track: id, rendition: name) {
            throw ticket.track == id ? Problem.unauthorised : Problem.notFound()
        }
        if name == "original" {
            return try await original(of: track, fileExtension, request, context, since: start)
        }
        guard let rendition = Rendition(named: name), fileExtension.map({ $0 == rendition.ladder.fileExtension }) ?? true else {
            throw Problem.notFound("no rendition is called \(file)")
        }
        guard offered.contains(rendition) else { throw Problem(.notOffered, track: id) }
        return try await stream(of: track, in: rendition, request, context, since: start)
    }

    private func stream(
        of track: Track, in rendition: Rendition, _ request: Request, _ context: GatewayContext,
        since start: ContinuousClock.Instant
    ) async throws -> Response {
        do {
            let stream = try await engine.stream(of: track.hash, in: rendition)
            let fields = fields(
                of: track, entityTag: stream.entityTag, length: stream.length, type: rendition.ladder.mediaType,
                fileExtension: rendition.ladder.fileExtension, request, context)
            if let redirect = staleVersion(request, entityTag: stream.entityTag) { return redirect }
            return try await respond(to: request, context, fields, since: start) { range in
                try await stream.read(range)
            }
        } catch let error as StreamError {
            let problem = Problem(error, track: track.id)
            if problem.slug == .renderFailed {
                context.logger.error("stream failed", metadata: ["track": "\(track.id)", "error": "\(error)"])
            }
            throw problem
        }
    }

    private func original(
        of track: Track, _ fileExtension: String?, _ request: Request, _ context: GatewayContext,
        since start: ContinuousClock.Instant
    ) async throws -> Response {
        let type = OriginalType(container: track.container, codec: track.codec)
        guard fileExtension.map(type.fileExtensions.contains) ?? true else { throw Problem.notFound() }
        let tag = EntityTag.original(track.hash)
        if let redirect = staleVersion(request, entityTag: tag) { return redirect }
        let fields = fields(
            of: track, entityTag: tag, length: track.bytes, type: type.mediaType, fileExtension: type.fileExtensions[0], request,
            context)
        return try await respond(to: request, context, fields, since: start) { range in
            do throws(OriginalError) {
                return try await OriginalReading(of: track.hash, range, in: originals)
            } catch {
                context.logger.error("original not readable", metadata: ["track": "\(track.id)", "error": "\(error)"])
                throw Problem(StreamError.missing, track: track.id)
            }
        }
    }

    /// A ticket for any rendition of the track is one for its cover.
    @Sendable private func art(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let start = ContinuousClock.now
        let id = try context.parameters.require("track")
        guard let permission = context.permission else { throw Problem.unauthorised }
        if case .ticket(let ticket, _) = permission, ticket.track != id { throw Problem.notFound() }
        guard let track = try await catalogue.track(id: id, account: permission.account) else { throw Problem.notFound() }
        guard let art = track.art else { throw Problem.notFound("the track has no cover") }
        let tag = EntityTag.original(art.hash)
        if let redirect = staleVersion(request, entityTag: tag) { return redirect }
        do {
            let fields = fields(
                of: track, entityTag: tag, length: art.bytes, type: art.format.mediaType,
                fileExtension: art.format == .jpeg ? "jpg" : art.format.rawValue, request, context)
            return try await respond(to: request, context, fields, since: start) { range in
                try await OriginalReading(of: art.hash, range, in: originals)
            }
        } catch let error as OriginalError {
            context.logger.error("cover not readable", metadata: ["track": "\(track.id)", "error": "\(error)"])
            throw Problem(StreamError.missing, track: track.id)
        }
    }

    /// Answers with the range asked for. `open` returns once the first bytes are there, so that a failure is still a status.
    private func respond<Reading: MediaReading>(
        to request: Request, _ context: GatewayContext, _ fields: MediaFields, since start: ContinuousClock.Instant,
        open: @escaping @Sendable (Range<Int>) async throws -> Reading
    ) async throws -> Response {
        let answer = MediaAnswer(to: request.head, length: fields.length, entityTag: fields.entityTag)
        let headers = fields.headers(for: answer)
        guard let range = answer.range(length: fields.length) else {
            if answer == .rangeNotSatisfiable { throw fields.notSatisfiable }
            return Response(status: .notModified, headers: headers)
        }
        let status: HTTPResponse.Status = answer == .whole ? .ok : .partialContent
        if request.method == .head { return Response(status: status, headers: headers, body: .withheld(length: range.count)) }
        let opened = Handover(try await context.whileConnected { try await open(range) })
        let body = ResponseBody(contentLength: range.count) { writer in
            guard var reading = opened.take() else { return }
            var isFirst = true
            while let bytes = try await reading.next(waiting: { try await context.whileConnected($0) }) {
                if isFirst { firstByte.record((ContinuousClock.now - start) / .seconds(1)) }
                isFirst = false
                responseBytes.increment(by: bytes.readableBytes)
                try await writer.write(bytes)
            }
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }

    private func fields(
        of track: Track, entityTag: String, length: Int, type: String, fileExtension: String, _ request: Request,
        _ context: GatewayContext
    ) -> MediaFields {
        var scope = "private"
        if cacheIsPublic, case .ticket = context.permission { scope = "public" }
        let isVersioned = request.uri.queryParameters["v"] != nil
        return MediaFields(
            entityTag: entityTag, length: length, type: type,
            cacheControl: isVersioned ? "\(scope), max-age=31536000, immutable" : "\(scope), max-age=86400, no-transform",
            disposition: contentDisposition(title: track.title, fileExtension: fileExtension))
    }

    /// A link made for bytes that have since changed leads to the current ones, its other parameters kept.
    private func staleVersion(_ request: Request, entityTag: String) -> Response? {
        guard let version = request.uri.queryParameters["v"], version != entityTag.prefix(8) else { return nil }
        let kept = (request.uri.query ?? "").split(separator: "&").filter { $0 != "v" && !$0.hasPrefix("v=") }
        let query = (["v=\(entityTag.prefix(8))"] + kept.map(String.init)).joined(separator: "&")
        // Two slashes at the start, which the router takes for one, would name another host here.
        let path = request.uri.path.split(separator: "/").joined(separator: "/")
        return Response(
            status: .temporaryRedirect, headers: [.location: "/\(path)?\(query)", .cacheControl: "no-store"])
    }
}
