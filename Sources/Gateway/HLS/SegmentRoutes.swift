import Audio
import Foundation
import HTTPTypes
import Hummingbird
import Locker
import Packaging
import Streaming

/// `/hls/{track}/…`: playlists, init sections and media segments, all made on request; and `/dash/{track}/…` over the same
/// segments.
struct SegmentRoutes: Sendable {
    /// kbit/s that an unknown network is assumed to carry when playing begins: 3G on a good day.
    private static let presumedThroughput = 130

    let catalogue: Catalogue
    let engine: StreamEngine
    let responder: MediaResponder
    let anticipation: Anticipation

    func add(to routes: inout Routes) {
        // The router knows a parameter at one place of a path by one name only.
        routes.media("/hls/:track/:name", master)
        routes.media("/hls/:track/:name/:file", part)
        routes.media("/dash/:track/:name", manifest)
    }

    @Sendable private func master(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let (track, ladder) = try await ladder(fileExtension: "m3u8", context)
        return try await responder.answering(track, context) {
            let hints = NetworkHints(request)
            let variants = try await variants(of: track, ladder, hints, request, context)
            return try playlist(HLSPlaylist.master(starting(variants, hints)), HLSPlaylist.mediaType, for: request)
        }
    }

    @Sendable private func manifest(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let (track, ladder) = try await ladder(fileExtension: "mpd", context)
        return try await responder.answering(track, context) {
            let variants = try await variants(of: track, ladder, NetworkHints(request), request, context)
            return try playlist(DASHManifest.mpd(variants, base: "../../hls/\(track.id)/"), DASHManifest.mediaType, for: request)
        }
    }

    @Sendable private func part(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let start = ContinuousClock.now
        let track = try await context.track(try context.parameters.require("track"), in: catalogue)
        let name = try context.parameters.require("name")
        let file = try context.parameters.require("file")
        guard let rendition = Rendition(named: name) else { throw Problem.notFound("there is no rendition \(name)") }
        guard context.permits(rendition: name) else { throw Problem.unauthorised }
        guard context.plan.offered.contains(rendition) else { throw Problem(.notOffered, track: track.id) }
        return try await responder.answering(track, context) {
            let segments = try await engine.segments(of: track.hash, in: rendition)
            guard let part = RenditionPart(file, segments: segments.layout.count) else { throw Problem.notFound() }
            if let redirect = responder.staleVersion(request, entityTag: segments.entityTag) { return redirect }
            let fields = responder.fields(
                of: track, entityTag: part.entityTag(ofRendition: segments.entityTag), length: 0, type: part.mediaType,
                fileExtension: part.fileExtension, request, context.permission)
            func whole(_ bytes: [UInt8]) async throws -> Response {
                try await responder.respond(to: request, context, fields.with(length: bytes.count), streaming: nil, since: start)
                { range in
                    BytesReading(bytes, range)
                }
            }
            switch part {
            case .playlist:
                let query = query(segments.entityTag, ticket(of: request))
                return try await whole(
                    Array(HLSPlaylist.media(PlaylistVariant(segments.layout, of: segments.map, query: query)).utf8))
            case .initialisation:
                return try await whole(InitSection.bytes(segments.layout))
            case .segment(let number):
                await anticipation.nextTrack(after: rendition, inSegments: true, request, context)
                let player = CMCD(request)
                await anticipation.nextSegment(of: track, in: rendition, told: player, request, context)
                return try await segment(
                    number, of: segments, track, ListenerHints(player), request, context, fields, since: start)
            }
        }
    }

    private func segment(
        _ number: Int, of segments: SegmentedRendition, _ track: Track, _ hints: ListenerHints, _ request: Request,
        _ context: GatewayContext,
        _ fields: MediaFields, since start: ContinuousClock.Instant
    ) async throws -> Response {
        if let length = segments.knownLength(ofSegment: number) {
            return try await responder.respond(to: request, context, fields.with(length: length), streaming: track, since: start)
            { range in
                var reading = try await segments.segment(number, for: context.listener, hints: hints)
                reading.narrow(to: range)
                return reading
            }
        }
        switch MediaAnswer(toConditionsOf: request.head, entityTag: fields.entityTag) {
        case nil: break
        case .preconditionFailed: throw Problem.preconditionFailed(entityTag: fields.entityTag)
        case let answer?: return Response(status: .notModified, headers: fields.headers(for: answer))
        }
        let whole = try await context.whileConnected {
            try await segments.segment(number, for: context.listener, hints: hints)
        }
        return try await responder.respond(
            to: request, context, fields.with(length: whole.length), streaming: track, since: start
        ) { range in
            var reading = whole
            reading.narrow(to: range)
            return reading
        }
    }

    private func ladder(fileExtension: String, _ context: GatewayContext) async throws -> (Track, Ladder) {
        let file = try context.parameters.require("name")
        let track = try await context.track(try context.parameters.require("track"), in: catalogue)
        guard file.hasSuffix(".\(fileExtension)"), let ladder = Ladder(rawValue: String(file.dropLast(fileExtension.count + 1))),
            ladder.segmentCodec != nil
        else { throw Problem.notFound("there is no ladder \(file)") }
        return (track, ladder)
    }

    /// The variants with the starting one at the front: the highest that the network carries, as far as known.
    private func starting(_ variants: [PlaylistVariant], _ hints: NetworkHints) -> [PlaylistVariant] {
        var hints = hints
        if hints.throughput == nil { hints.throughput = Self.presumedThroughput }
        guard let decision = PlaybackDecision(among: variants.map(\.rendition), hints: hints),
            let first = variants.first(where: { $0.rendition == decision.rendition })
        else { return variants }
        responder.count(decision)
        return [first] + variants.filter { $0 != first }
    }

    /// The ladder's variants that are offered for the track, wanted by the listener and permitted by the credentials, lowest
    /// first.
    private func variants(
        of track: Track, _ ladder: Ladder, _ hints: NetworkHints, _ request: Request, _ context: GatewayContext
    ) async throws -> [PlaylistVariant] {
        let map = try await engine.map(of: track.hash)
        let rungs = map.source.rungs(of: ladder, bitrate: map.bitrate, among: context.plan.offered, inSegments: true)
        guard !rungs.isEmpty else { throw StreamError.notOffered }
        let permitted = rungs.filter { context.permits(rendition: $0.name) }
        guard !permitted.isEmpty else { throw Problem.unauthorised }
        let wanted = PlaybackDecision.wanted(permitted, hints: hints)
        let fingerprint = try await engine.fingerprint()
        let ticket = ticket(of: request)
        return wanted.compactMap { rung in
            guard let grid = FrameGrid(rung, source: map.source, samples: map.samples), let layout = SegmentLayout(grid: grid)
            else { return nil }
            let tag = EntityTag.stream(original: track.hash, rendition: rung, fingerprint: fingerprint)
            return PlaylistVariant(layout, of: map, query: query(tag, ticket))
        }
    }

    /// The ticket a request came with, percent-encoded.
    private func ticket(of request: Request) -> String? {
        request.uri.queryParameters["ticket"].map { String($0).queryEncoded }
    }

    private func query(_ entityTag: String, _ ticket: String?) -> String {
        "v=\(entityTag.prefix(8))" + (ticket.map { "&ticket=\($0)" } ?? "")
    }

    /// A playlist's answer: players revalidate it each time, and get 304 if it has not changed.
    private func playlist(_ text: String, _ mediaType: String, for request: Request) throws -> Response {
        let tag = EntityTag.bytes(text.utf8)
        var headers: HTTPFields = [
            .eTag: EntityTag.quoted(tag), .cacheControl: "private, no-cache", .vary: NetworkHints.fields
        ]
        switch MediaAnswer(toConditionsOf: request.head, entityTag: tag) {
        case nil: break
        case .preconditionFailed: throw Problem.preconditionFailed(entityTag: tag)
        case .some: return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = mediaType
        return Response(status: .ok, headers: headers, content: Data(text.utf8), for: request.method)
    }
}

/// Bytes in memory.
struct BytesReading: MediaReading {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8], _ range: Range<Int>) { self.bytes = bytes[range] }

    mutating func next(waiting: StreamReading.Waiting) async throws -> ByteBuffer? {
        defer { bytes = [] }
        return bytes.isEmpty ? nil : ByteBuffer(bytes: bytes)
    }
}

extension SegmentReading: MediaReading {}
