import Foundation
import Hummingbird
import Locker
import Streaming

/// `/api/v1/deleted`: the tracks that were deleted within the grace, and can be put back.
struct DeletedRoutes: Sendable {
    let catalogue: Catalogue
    let engine: StreamEngine
    /// How long the bytes of deleted tracks stay, in milliseconds.
    let grace: Int

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Tracks
        routes.resource("/api/v1/deleted", [.read(.library, Document.deleted, list)])
        routes.resource("/api/v1/deleted/:track", [.on(.post, .library, Document.restore, restore)])
    }

    private struct DeletedDocument: Encodable {
        var id: String
        var title: String
        var artist: String
        var album: String
        var deleted: String
        var until: String

        init(_ track: DeletedTrack, grace: Int) {
            id = track.id
            title = track.title
            artist = track.artist
            album = track.album
            deleted = Timestamp.text(milliseconds: track.deleted)
            until = Timestamp.text(milliseconds: track.deleted + grace)
        }
    }

    /// What was deleted at this time or before cannot be put back, in milliseconds since 1970.
    private var limit: Int { catalogue.time - grace }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let page = try await catalogue.deletedTracks(
            account: context.account, since: limit, after: request.after, limit: request.pageLimit)
        return try Response(json: ListDocument(page) { DeletedDocument($0, grace: grace) }, for: request)
    }

    @Sendable private func restore(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let id = try context.parameters.require("track")
        // First of all: a 503 must not come after the change.
        let form = TrackDocument.Form(offered: context.plan.offered, fingerprint: try await engine.knownFingerprint())
        let track: Track?
        do {
            track = try await catalogue.restore(
                id: id, account: context.account, deletedSince: limit, quota: context.plan.terms.quota?.bytes)
        } catch CatalogueError.overQuota {
            throw Problem.overQuota(
                "the plan has no room for the track any more: delete something, or ask for a larger plan", limit: .quota)
        }
        guard let track else { throw Problem.notFound() }
        return try Response(TrackDocument(track, form), for: request)
    }
}
