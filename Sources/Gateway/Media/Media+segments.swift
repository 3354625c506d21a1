import Audio
import Foundation
import HTTPTypes
import Hummingbird
import Locker
import NIOCore
import Packaging
import Streaming

/// Media over HTTP Live Streaming and DASH: playlists, init sections and media segments.
extension Media {
    /// kbit/s that an unknown network is assumed to carry when playing begins: 3G on a good day.
    private static let presumedThroughput = 130

    /// The HLS master playlist of a ladder.
    ///
    /// - Parameter base: the path from the playlist to the directory that holds the renditions' directories, with a slash at
    ///   its end; empty if the playlist lies in that directory.
    func playlist(_ asked: MediaRequest, of ladder: Ladder, base: String = "") async throws -> Response {
        try await asked.answering {
            let hints = NetworkHints(asked.request)
            let variants = starting(try await variants(asked, of: ladder, hints), hints)
            return try playlist(HLSPlaylist.master(variants, base: base), HLSPlaylist.mediaType, for: asked.request)
        }
    }

    /// The DASH manifest of a ladder.
    ///
    /// - Parameter base: the path from the manifest to the directory that holds the renditions' directories, with a slash at
    ///   its end.
    func manifest(_ asked: MediaRequest, of ladder: Ladder, base: String) async throws -> Response {
        try await asked.answering {
            let variants = try await variants(asked, of: ladder, NetworkHints(asked.request))
            return try playlist(DASHManifest.mpd(variants, base: base), DASHManifest.mediaType, for: asked.request)
        }
    }

    /// A file in a rendition's directory: its playlist, its description, its init section or a segment; see ``RenditionPart``.
    func part(_ asked: MediaRequest, of rendition: Rendition, called file: String) async throws -> Response {
        try asked.requirePermission(for: rendition.name)
        try asked.requireOffer(of: rendition)
        return try await asked.answering {
            let segments = try await engine.segments(of: asked.track.hash, in: rendition)
            let part = RenditionPart(
                file, segments: segments.layout.count, trimming: asked.wishes.trimming,
                gain: try gain(of: asked, in: rendition))
            guard let part else { throw Problem.notFound() }
            if let redirect = asked.redirect(toVersion: segments.entityTag) { return redirect }
            let fields = responder.fields(
                for: asked, part.entityTag(ofRendition: segments.entityTag), length: 0, (part.mediaType, part.fileExtension))
            func whole(_ bytes: [UInt8], vary: String? = nil) async throws -> Response {
                var fields = fields.with(length: bytes.count)
                fields.vary = vary
                return try await responder.respond(to: asked, fields, isCounted: false) { BytesReading(bytes, $0) }
            }
            switch part {
            case .playlist:
                let variant = PlaylistVariant(segments.layout, of: segments.map, query: query(asked, segments.entityTag))
                let text = Array(HLSPlaylist.media(variant).utf8)
                // A range is one of the text as it is.
                if asked.request.headers[.range] != nil { return try await whole(text, vary: "Accept-Encoding") }
                return try TextAnswer(text, type: part.mediaType, entityTag: fields.entityTag)
                    .response(to: asked.request, headers: fields.headers(for: .whole))
            case .description:
                let variant = PlaylistVariant(segments.layout, of: segments.map, query: "")
                let document = GaplessDocument(variant, entityTag: segments.entityTag)
                return try await whole(Array(try JSONEncoder.gateway.encode(document)))
            case .initialisation(let trimming, let gain):
                return try await whole(InitSection.bytes(segments.layout, trimming: trimming, gain: gain))
            case .segment(let number, _):
                await anticipation.nextTrack(asked, after: rendition, inSegments: true)
                let player = CMCD(asked.request)
                await anticipation.nextSegment(asked, in: rendition, told: player)
                return try await segment(asked, number, of: segments, ListenerHints(player), fields)
            }
        }
    }

    /// The gain that a page wants of the decoder.
    private func gain(of asked: MediaRequest, in rendition: Rendition) throws -> OutputGain {
        guard asked.wishes.trimming == .byPage, let text = asked.wishes.gain else { return .none }
        guard rendition.ladder == .opus else { throw Problem.badRequest("gain: only the decoder of Opus applies one") }
        guard let gain = OutputGain(decibels: text) else {
            throw Problem.badRequest("gain: must be dB between -60 and 12, with at most four decimals")
        }
        return gain
    }

    private func segment(
        _ asked: MediaRequest, _ number: Int, of segments: SegmentedRendition, _ hints: ListenerHints, _ fields: MediaFields
    ) async throws -> Response {
        let (context, trimming) = (asked.context, asked.wishes.trimming)
        if let length = segments.knownLength(ofSegment: number, trimming: trimming) {
            return try await responder.respond(to: asked, fields.with(length: length), isCounted: true) { range in
                try await segments.segment(number, range, trimming: trimming, for: context.listener, hints: hints)
            }
        }
        switch ConditionalAnswer(toConditionsOf: asked.request.head, entityTag: fields.entityTag) {
        case nil: break
        case .preconditionFailed: throw Problem.preconditionFailed(entityTag: fields.entityTag)
        case let answer?: return Response(status: .notModified, headers: fields.headers(for: answer))
        }
        let whole = try await context.whileConnected {
            try await segments.segment(number, trimming: trimming, for: context.listener, hints: hints)
        }
        return try await responder.respond(to: asked, fields.with(length: whole.length), isCounted: true) { range in
            var reading = whole
            reading.narrow(to: range)
            return reading
        }
    }

    /// The variants, with the one to begin with at the front: the highest that the network is known or assumed to carry.
    private func starting(_ variants: [PlaylistVariant], _ hints: NetworkHints) -> [PlaylistVariant] {
        var hints = hints
        if hints.throughput == nil { hints.throughput = Self.presumedThroughput }
        guard let decision = PlaybackDecision(among: variants.map(\.rendition), hints: hints),
            let first = variants.first(where: { $0.rendition == decision.rendition })
        else { return variants }
        responder.count(decision)
        return [first] + variants.filter { $0 != first }
    }

    /// The ladder's variants that are offered for the track, permitted by the credentials and wanted by the listener, lowest
    /// first.
    private func variants(
        _ asked: MediaRequest, of ladder: Ladder, _ hints: NetworkHints
    ) async throws -> [PlaylistVariant] {
        let (track, context) = (asked.track, asked.context)
        let map = try await engine.map(of: track.hash)
        let rungs = map.source.rungs(of: ladder, bitrate: map.bitrate, among: context.plan.offered, inSegments: true)
        guard !rungs.isEmpty else { throw StreamError.notOffered }
        let permitted = rungs.filter { context.permits(rendition: $0.name) }
        guard !permitted.isEmpty else { throw Problem.unauthorised }
        let wanted = PlaybackDecision.wanted(permitted, hints: hints)
        let fingerprint = try await engine.fingerprint()
        return wanted.compactMap { rung in
            guard let grid = FrameGrid(rung, source: map.source, samples: map.samples), let layout = SegmentLayout(grid: grid)
            else { return nil }
            let tag = EntityTag.stream(original: track.hash, rendition: rung, fingerprint: fingerprint)
            return PlaylistVariant(layout, of: map, query: query(asked, tag))
        }
    }

    /// The query of the links in a playlist: the version, and the ticket if the request has one.
    private func query(_ asked: MediaRequest, _ entityTag: String) -> String {
        "v=\(entityTag.prefix(8))" + (asked.wishes.ticket.map { "&ticket=\($0.queryEncoded)" } ?? "")
    }

    /// An answer with a playlist. Players ask again each time, and get 304 if nothing has changed.
    private func playlist(_ text: String, _ mediaType: String, for request: Request) throws -> Response {
        let bytes = Array(text.utf8)
        return try TextAnswer(bytes, type: mediaType, entityTag: EntityTag.bytes(bytes))
            .response(to: request, headers: [.cacheControl: "private, no-cache", .vary: NetworkHints.fields])
    }
}

/// A range of bytes in memory, read in one piece.
struct BytesReading: MediaReading {
    private var bytes: ArraySlice<UInt8>

    init(_ bytes: [UInt8], _ range: Range<Int>) { self.bytes = bytes[range] }

    mutating func next(whileConnected: StreamReading.WhileConnected) async throws -> ByteBuffer? {
        defer { bytes = [] }
        return bytes.isEmpty ? nil : ByteBuffer(bytes: bytes)
    }
}

extension SegmentReading: MediaReading {}
