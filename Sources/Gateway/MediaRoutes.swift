import Audio
import HTTPTypes
import Hummingbird
import Locker
import Logging
import NIOCore
import Originals
import Packaging
import Streaming

/// `/stream/{track}/{rendition}[.ext]` and `/art/{track}`: Streams, Originals and covers by byte range.
struct MediaRoutes: Sendable {
    let catalogue: Catalogue
    let originals: any OriginalStore
    let engine: StreamEngine
    let responder: MediaResponder
    let anticipation: Anticipation
    let hot: HotMedia
    let choices = KeptChoices<AutomaticListener>(capacity: 1 << 14)

    func add(to routes: inout Routes) {
        routes.media("/stream/:track", automatic)
        routes.media("/stream/:track/:file", answer)
        routes.media("/art/:track", art)
    }

    @Sendable private func answer(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let start = ContinuousClock.now
        let file = try context.parameters.require("file")
        let id = try context.parameters.require("track")
        let parts = file.pieces(at: ".", maxSplits: 1, omittingEmpty: false)
        let (name, fileExtension) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
        if file == "auto" { return try await automatic(request, context) }
        let changes = catalogue.changes
        let track = try await context.track(id, in: catalogue)
        guard context.permits(rendition: name) else { throw Problem.unauthorised }
        if name == "original" {
            return try await original(of: track, fileExtension, request, context, since: start)
        }
        guard let rendition = Rendition(named: name) else { throw Problem.notFound("no rendition is called \(file)") }
        guard let type = rendition.ladder.progressive else { throw Problem(.notOffered, track: id) }
        guard fileExtension.map({ $0 == type.fileExtension }) ?? true else {
            throw Problem.notFound("no rendition is called \(file)")
        }
        guard context.plan.offered.contains(rendition) else { throw Problem(.notOffered, track: id) }
        return try await stream(of: track, in: rendition, type, changes: changes, request, context, since: start)
    }

    private func stream(
        of track: Track, in rendition: Rendition, _ type: (mediaType: String, fileExtension: String), changes: Int,
        _ request: Request, _ context: GatewayContext, since start: ContinuousClock.Instant
    ) async throws -> Response {
        try await responder.answering(track, context) {
            let stream = try await engine.stream(of: track.hash, in: rendition)
            let fields = responder.fields(
                of: track, entityTag: stream.entityTag, length: stream.length, type: type.mediaType,
                fileExtension: type.fileExtension, request, context.permission)
            if let redirect = responder.staleVersion(request, entityTag: stream.entityTag) { return redirect }
            await anticipation.nextTrack(after: rendition, inSegments: false, request, context)
            let isDownload = request.uri.queryParameters["download"] == "1"
            let hints = ListenerHints(CMCD(request))
            return try await responder.respond(to: request, context, fields, streaming: track, since: start) {
                hot.note(request, context, track, stream, fields, changes: changes)
            } open: { range in
                try await stream.read(range, for: context.listener, hints: hints, isPaced: !isDownload)
            }
        }
    }

    private func original(
        of track: Track, _ fileExtension: String?, _ request: Request, _ context: GatewayContext,
        since start: ContinuousClock.Instant
    ) async throws -> Response {
        let type = OriginalType(container: track.container, codec: track.codec)
        guard fileExtension.map(type.fileExtensions.contains) ?? true else { throw Problem.notFound() }
        let tag = EntityTag.original(track.hash)
        if let redirect = responder.staleVersion(request, entityTag: tag) { return redirect }
        let fields = responder.fields(
            of: track, entityTag: tag, length: track.bytes, type: type.mediaType, fileExtension: type.fileExtensions[0], request,
            context.permission)
        return try await responder.respond(to: request, context, fields, streaming: track, since: start) { range in
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
        let track = try await context.track(id, in: catalogue)
        guard let art = track.art else { throw Problem.notFound("the track has no cover") }
        let tag = EntityTag.original(art.hash)
        if let redirect = responder.staleVersion(request, entityTag: tag) { return redirect }
        if let cover = try await smaller(art, of: track, request, context) {
            let fields = responder.fields(
                of: track, entityTag: EntityTag.bytes(cover.readableBytesView), length: cover.readableBytes,
                type: Picture.Format.jpeg.mediaType, fileExtension: "jpg", request, context.permission)
            return try await responder.respond(to: request, context, fields, streaming: nil, since: start) { range in
                BufferReading(bytes: cover.getSlice(at: cover.readerIndex + range.lowerBound, length: range.count))
            }
        }
        do {
            let fields = responder.fields(
                of: track, entityTag: tag, length: art.bytes, type: art.format.mediaType,
                fileExtension: art.format == .jpeg ? "jpg" : art.format.rawValue, request, context.permission)
            return try await responder.respond(to: request, context, fields, streaming: nil, since: start) { range in
                try await OriginalReading(of: art.hash, range, in: originals)
            }
        } catch let error as OriginalError {
            context.logger.error("cover not readable", metadata: ["track": "\(track.id)", "error": "\(error)"])
            throw Problem(StreamError.missing, track: track.id)
        }
    }

    /// The cover in the size that is asked for; nil where it is used as it is.
    private func smaller(
        _ art: Art, of track: Track, _ request: Request, _ context: GatewayContext
    ) async throws -> ByteBuffer? {
        guard let text = request.uri.queryParameters["size"] else { return nil }
        guard let size = Int(digits: text), size > 0 else {
            throw Problem.badRequest("size is pixels of the longer side, from 1 on")
        }
        return try await responder.answering(track, context) {
            try await engine.cover(art.hash, bytes: art.bytes, size: min(size, Picture.Limit.sizes.upperBound))
        }
    }
}
