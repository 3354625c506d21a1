import Audio
import Crypto
import Foundation
import Hummingbird
import Locker
import Packaging
import Streaming

/// `stream`, `download`, `hls.m3u8` and what is beside them: the answers of the server's own media, by Subsonic's parameters.
///
/// No play is counted here: clients say themselves what was played.
struct SubsonicMedia: Sendable {
    /// Seconds that are played of a track if its last, begun second is asked for from beyond its end.
    private static let shortestEnd = 0.1

    let catalogue: Catalogue
    let media: Media
    let ticketKey: SymmetricKey

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.media("stream", stream)
        endpoints.media("download", download)
        for name in ["hls.m3u8", "hls"] { endpoints.media(name, playlist) }
    }

    @Sendable private func stream(_ request: SubsonicRequest, _ account: Int64) async throws -> Response {
        let wish = try SubsonicWish(request)
        let start = try request.seconds("timeOffset")
        let asked = try await asked(request, try request.id(), start: start)
        if start > 0, wish.file(of: asked.track, offered: request.plan.offered) == .original,
            let response = try await media.originalCut(asked)
        {
            return response
        }
        let file = wish.file(of: asked.track, offered: request.plan.offered, isCut: start > 0)
        guard let file else {
            throw SubsonicError(.generic, "no rendition of the track has at most \(wish.most ?? 0) kbit/s")
        }
        return try await answer(asked, file)
    }

    @Sendable private func download(_ request: SubsonicRequest, _ account: Int64) async throws -> Response {
        let id = try request.id()
        let isTrack = try await catalogue.recentTrack(id: id, account: account) != nil
        var response =
            isTrack
            ? try await media.original(try await asked(request, id, isDownload: true))
            : try await archive(of: id, request, account)
        // With the same name, but to be stored.
        if let shown = response.headers[.contentDisposition], shown.hasPrefix("inline;") {
            response.headers[.contentDisposition] = "attachment" + shown.dropFirst("inline".count)
        }
        return response
    }

    /// A file of a track, from where `asked` begins.
    func answer(_ asked: MediaRequest, _ file: SubsonicFile) async throws -> Response {
        switch file {
        case .original: try await media.original(asked)
        case .rendition(let rung): try await media.stream(asked, in: rung)
        }
    }

    /// The request for media of a track.
    ///
    /// - Parameter start: seconds of the track's beginning that are left out.
    /// - Throws: 70 if the account has no such track, 10 if nothing is left of it.
    func asked(
        _ request: SubsonicRequest, _ id: String, start: Double = 0, isDownload: Bool = false
    ) async throws -> MediaRequest {
        var wishes = MediaWishes()
        wishes.player = request.client
        wishes.tellsDuration = true
        wishes.start = start
        wishes.isDownload = isDownload
        var asked = try await MediaRequest(
            request.request, request.context, track: id, wishes: wishes, in: catalogue)
        let duration = asked.track.duration
        guard start >= duration else { return asked }
        // Songs are shown with whole seconds, so that a client can be a part of one beyond the end.
        guard start < duration.rounded(.up) else {
            throw SubsonicError(.parameter, "the track ends after \(duration) s")
        }
        asked.wishes.start = max(0, duration - Self.shortestEnd)
        return asked
    }

    /// A master playlist: with the highest rung within each `bitRate`, of which 0 is no limit, or with all of them.
    @Sendable private func playlist(_ request: SubsonicRequest, _ account: Int64) async throws -> Response {
        let limits = try request.texts("bitRate").map { text throws(SubsonicError) in
            // 1000@480x360: the size is a video's.
            guard let limit = Int(digits: text.pieces(at: "@", maxSplits: 1, omittingEmpty: false)[0]) else {
                throw SubsonicError(.parameter, "bitRate must be a number of kbit/s")
            }
            return limit
        }
        let asked = try await asked(request, try request.id())
        let track = asked.track
        for ladder in [Ladder.aac, .opus, .flac] {
            let rungs = track.source?.rungs(
                of: ladder, bitrate: track.bitrate, among: request.plan.offered, inSegments: true)
            let most = track.source?.codec.isLossless == true ? Int.max : track.bitrate
            // FLAC is as large as the original is, about.
            let usual = (rungs ?? []).map { (rung: $0, bitrate: $0.ladder == .flac ? track.bitrate : $0.bitrate) }
            let chosen =
                limits.isEmpty
                ? Set(rungs ?? [])
                : Set(
                    limits.compactMap { limit in
                        usual.last { $0.bitrate <= min(limit == 0 ? .max : limit, most) }?.rung
                    })
            if !chosen.isEmpty { return try await playlist(request, track, chosen, of: ladder) }
        }
        throw SubsonicError(.generic, "the track has no rendition in segments within these limits")
    }

    /// The master playlist of some rungs of a ladder. Players fetch what it links to without Subsonic's credentials, so the links
    /// have a ticket.
    func playlist(
        _ request: SubsonicRequest, _ track: Track, _ rungs: Set<Rendition>, of ladder: Ladder
    ) async throws -> Response {
        let expires = Int(Date.now.timeIntervalSince1970) + Ticket.lifetime(ofTrack: track.duration)
        var wishes = MediaWishes()
        wishes.ticket = Ticket(account: track.account, track: track.id, rendition: "*", expires: expires).signed(with: ticketKey)
        var context = request.context
        context.plan.offered.formIntersection(rungs)
        let asked = try await MediaRequest(request.request, context, track: track.id, wishes: wishes, in: catalogue)
        return try await media.playlist(asked, of: ladder, base: "../hls/\(track.id)/")
    }
}
