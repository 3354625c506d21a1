import Audio
import Hummingbird
import Locker
import NIOCore
import Originals
import Packaging
import Streaming

/// The media of tracks, for every group of routes that serves them: Streams, Originals, covers, playlists and segments.
///
/// A route finds out the track and the rendition; the answer is made here, from the ``MediaRequest`` alone. So two routes to
/// one file give the same bytes, fields, conditional answers and pace, count the same stream against the plan, and can both
/// be repeated from memory. `Decisions/Media.md` has the reasons.
struct Media: Sendable {
    let catalogue: Catalogue
    let originals: any OriginalStore
    let engine: StreamEngine
    let responder: MediaResponder
    let anticipation: Anticipation
    let hot: HotMedia

    /// The Stream of `rendition`.
    ///
    /// ``HotMedia`` repeats the answer to a request with the same URL, host and credentials, so a route must choose the
    /// rendition by nothing else.
    ///
    /// - Parameter fileExtension: the extension in the URL; nil if it has none.
    func stream(_ asked: MediaRequest, in rendition: Rendition, as fileExtension: String? = nil) async throws -> Response {
        try asked.requirePermission(for: rendition.name)
        guard let type = rendition.ladder.progressive else { throw Problem(.notOffered, track: asked.track.id) }
        guard fileExtension.map({ $0 == type.fileExtension }) ?? true else {
            throw Problem.notFound("no rendition is called \(rendition.name).\(fileExtension ?? "")")
        }
        try asked.requireOffer(of: rendition)
        return try await asked.answering {
            let stream = try await engine.stream(of: asked.track.hash, in: rendition, from: asked.wishes.start)
            let fields = responder.fields(for: asked, stream.entityTag, length: stream.length, type)
            if let redirect = asked.redirect(toVersion: stream.entityTag) { return redirect }
            await anticipation.nextTrack(asked, after: rendition, inSegments: false)
            let hints = ListenerHints(CMCD(asked.request))
            return try await responder.respond(to: asked, fields, isCounted: true) {
                hot.note(asked, stream, fields)
            } open: { range in
                try await stream.read(
                    range, for: asked.context.listener, hints: hints, isPaced: !asked.wishes.isDownload)
            }
        }
    }

    /// The Original as it was uploaded.
    ///
    /// - Parameter fileExtension: the extension in the URL; nil if it has none.
    func original(_ asked: MediaRequest, as fileExtension: String? = nil) async throws -> Response {
        let track = asked.track
        try asked.requirePermission(for: "original")
        let type = OriginalType(container: track.container, codec: track.codec)
        guard fileExtension.map(type.fileExtensions.contains) ?? true else { throw Problem.notFound() }
        let tag = EntityTag.original(track.hash)
        if let redirect = asked.redirect(toVersion: tag) { return redirect }
        let fields = responder.fields(for: asked, tag, length: track.bytes, (type.mediaType, type.fileExtensions[0]))
        return try await asked.answering {
            try await responder.respond(to: asked, fields, isCounted: true) { range in
                try await OriginalReading(of: track.hash, range, in: originals)
            }
        }
    }

    /// The original from where the request's beginning is left out; nil if only a rendition can begin there.
    ///
    /// It reads a few of the original's bytes, and nothing is encoded.
    func originalCut(_ asked: MediaRequest) async throws -> Response? {
        let track = asked.track
        try asked.requirePermission(for: "original")
        return try await asked.answering {
            let map = try await engine.map(of: track.hash)
            guard let place = OriginalCut.place(in: map, from: asked.wishes.start) else { return nil }
            let bytes = try await originals.read(place.bytes, of: .original, original: track.hash)
            guard let cut = OriginalCut(map, place, first: bytes) else { return nil }
            let type = OriginalType(container: track.container, codec: track.codec)
            let fields = responder.fields(
                for: asked, EntityTag.stream(EntityTag.original(track.hash), from: cut.samples), length: cut.length,
                (type.mediaType, type.fileExtensions[0]))
            return try await responder.respond(to: asked, fields, isCounted: true) { range in
                try await CutReading(cut, of: track.hash, range, in: originals)
            }
        }
    }

    /// The cover. A ticket for any rendition of the track is good for its cover.
    ///
    /// - Parameter size: pixels of the longer side as a text, from 1 on; nil for the picture as it is. A picture that is not
    ///   larger stays as it is.
    func cover(_ asked: MediaRequest, size: String?) async throws -> Response {
        guard let art = asked.track.art else { throw Problem.notFound("the track has no cover") }
        let tag = EntityTag.original(art.hash)
        if let redirect = asked.redirect(toVersion: tag) { return redirect }
        let size = try size.map(Self.size)
        return try await asked.answering {
            if let size, let cover = try await engine.cover(art.hash, bytes: art.bytes, size: size) {
                let fields = responder.fields(
                    for: asked, EntityTag.bytes(cover.readableBytesView), length: cover.readableBytes,
                    (Picture.Format.jpeg.mediaType, "jpg"))
                return try await responder.respond(to: asked, fields, isCounted: false) { range in
                    BufferReading(bytes: cover.getSlice(at: cover.readerIndex + range.lowerBound, length: range.count))
                }
            }
            let fileExtension = art.format == .jpeg ? "jpg" : art.format.rawValue
            let fields = responder.fields(for: asked, tag, length: art.bytes, (art.format.mediaType, fileExtension))
            return try await responder.respond(to: asked, fields, isCounted: false) { range in
                try await OriginalReading(of: art.hash, range, in: originals)
            }
        }
    }

    private static func size(_ text: String) throws -> Int {
        guard let size = Int(digits: text), size > 0 else {
            throw Problem.badRequest("size is pixels of the longer side, from 1 on")
        }
        return min(size, Picture.Limit.sizes.upperBound)
    }
}
