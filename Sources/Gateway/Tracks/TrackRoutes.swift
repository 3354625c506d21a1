import Audio
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Locker
import NIOCore
import Streaming

/// `/api/v1/tracks`: lists, single tracks, edits, deletions, uploads and tickets.
struct TrackRoutes: Sendable {
    /// Bytes of the longest text of a tag.
    private static let longestText = 1000
    private static let mostGenres = 32

    let catalogue: Catalogue
    let engine: StreamEngine
    let ticketKey: SymmetricKey
    let uploads: UploadRoutes

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Tracks
        routes.resource("/api/v1/tracks", [.read(.library, Document.list, list)] + uploads.wholeFiles)
        routes.resource(
            "/api/v1/tracks/:track",
            [
                .read(.library, Document.one, one), .on(.patch, .library, Document.edit, edit),
                .on(.delete, .library, Document.remove, remove)
            ])
        routes.resource("/api/v1/tracks/:track/ticket", [.on(.post, .library, Document.ticket, ticket)])
    }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let (account, after, place) = (try context.account, request.after, try request.place)
        let limit = try request.pageLimit
        let page: Page<Track>
        if let filter = try Self.filter(of: request) {
            page = try await catalogue.tracks(account: account, filter, after: after, at: place, limit: limit)
        } else if request.uri.queryParameters["sort"] == "random" {
            try request.requireNoPlace()
            page = Page(items: try await catalogue.randomTracks(account: account, limit: limit))
        } else {
            let sort = try request.sort(or: TrackSort.newest, alsoNamed: ["random"])
            page = try await catalogue.tracks(account: account, sort: sort, after: after, at: place, limit: limit)
        }
        return try await engine.response(page, for: request, context)
    }

    /// `?album=`, `?artist=`, `?genre=` or `?favourite=true`: each list has a fixed order.
    private static func filter(of request: Request) throws -> TrackFilter? {
        let query = request.uri.queryParameters
        var filters: [TrackFilter] = try request.asksForFavourites ? [.favourites] : []
        if let id = query["album"] { filters.append(.album(String(id))) }
        if let id = query["artist"] { filters.append(.artist(String(id))) }
        if let name = query["genre"] { filters.append(.genre(String(name))) }
        guard filters.count <= 1, filters.isEmpty || query["sort"] == nil else {
            throw Problem.badRequest("use only one of album, artist, genre, favourite and sort")
        }
        return filters.first
    }

    private struct EditRequest: Decodable {
        var title: PlainText?
        var artist: PlainText?
        var albumArtist: PlainText?
        var album: PlainText?
        var track: Int?
        var disc: Int?
        var year: Int?
        var genres: [PlainText]?
    }

    /// Changes the track's tags. Its Original and its Streams are unchanged.
    @Sendable private func edit(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let advice = """
            send some of {"title", "artist", "albumArtist", "album": texts of at most \(Self.longestText) bytes without control \
            characters, the title not empty; \
            "track", "disc", "year": 0 to 9999, 0 for none; "genres": at most \(Self.mostGenres) texts}
            """
        let asked: EditRequest = try await request.json(upTo: 64 << 10, advice: advice)
        func text(_ value: PlainText?) throws -> String? {
            guard (value?.text.utf8.count ?? 0) <= Self.longestText else { throw Problem.badRequest(advice) }
            return value?.text
        }
        func number(_ value: Int?) throws -> Int? {
            guard (0...9999).contains(value ?? 0) else { throw Problem.badRequest(advice) }
            return value
        }
        var edit = TagEdit()
        edit.title = try text(asked.title)
        edit.artist = try text(asked.artist)
        edit.albumArtist = try text(asked.albumArtist)
        edit.album = try text(asked.album)
        edit.track = try number(asked.track)
        edit.disc = try number(asked.disc)
        edit.year = try number(asked.year)
        edit.genres = try asked.genres?.compactMap { try text($0) }.filter { !$0.isEmpty }
        guard edit.title?.allSatisfy(\.isWhitespace) != true, (edit.genres?.count ?? 0) <= Self.mostGenres else {
            throw Problem.badRequest(advice)
        }
        let id = try context.parameters.require("track")
        guard let track = try await catalogue.edit(edit, ofTrack: id, account: context.account) else { throw Problem.notFound() }
        return try Response(try await engine.document(of: track, context), for: request)
    }

    @Sendable private func one(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let form = try await engine.form(for: request, context)
        return try Response(TrackDocument(try await track(context), form), for: request)
    }

    @Sendable private func remove(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("track")
        guard try await catalogue.remove(id: id, account: context.account) != nil else { throw Problem.notFound() }
        return Response(status: .noContent)
    }

    private struct TicketRequest: Decodable {
        var rendition: PlainText?
    }

    private struct TicketDocument: Encodable {
        var ticket: String
        var expires: String
        var url: String
    }

    @Sendable private func ticket(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let track = try await track(context)
        let malformed = Problem.badRequest("send {\"rendition\": a rendition's name, or \"*\"}")
        guard let body = try await request.bytes(upTo: 4096) else { throw malformed }
        var rendition = "*"
        if body.readableBytes > 0 {
            guard let asked = try? JSONDecoder().decode(TicketRequest.self, from: Data(body.readableBytesView)) else {
                throw malformed
            }
            rendition = asked.rendition?.text ?? "*"
        }
        let path = try path(of: rendition, track, context.plan)
        let expires = Int(Date.now.timeIntervalSince1970) + Ticket.lifetime(ofTrack: track.duration)
        let ticket = Ticket(account: track.account, track: track.id, rendition: rendition, expires: expires).signed(
            with: ticketKey)
        return try Response(
            json: TicketDocument(
                ticket: ticket, expires: Timestamp.text(milliseconds: expires * 1000),
                url: "\(path)?ticket=\(ticket)"),
            for: request)
    }

    /// The path of a ticket's link: that of its rendition, or of a middling one if the ticket is for all.
    private func path(of name: String, _ track: Track, _ plan: OfferedPlan) throws -> String {
        if name == "original" { return track.originalPath }
        let rungs = (track.source?.offeredRungs(bitrate: track.bitrate) ?? []).filter(plan.offered.contains)
        if name == "*" {
            let middling = rungs.last { $0.ladder == .mp3 && $0.bitrate <= 128 } ?? rungs.first
            return middling.map { track.path(of: $0) } ?? track.originalPath
        }
        guard let rendition = Rendition(named: name) else { throw Problem.notFound("there is no rendition \(name)") }
        guard rungs.contains(rendition) else { throw Problem(.notOffered, track: track.id) }
        return track.path(of: rendition)
    }

    private func track(_ context: GatewayContext) async throws -> Track {
        let id = try context.parameters.require("track")
        guard let track = try await catalogue.track(id: id, account: context.account) else { throw Problem.notFound() }
        return track
    }

}
