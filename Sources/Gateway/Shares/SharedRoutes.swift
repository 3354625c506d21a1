import Crypto
import Foundation
import Hummingbird
import Locker
import Streaming

/// `/api/v1/shared/{token}`: what a share's link shows to whoever has it, with a ticket for each track.
struct SharedRoutes: Sendable {
    /// Tickets end at full hours: the document stays the same in between, and clients that have it get 304.
    private static let hour = 60 * 60

    let catalogue: Catalogue
    let engine: StreamEngine
    let key: SymmetricKey
    /// The plan of a share's account; nil if the account does not exist.
    let plan: PlanOfAccount

    func add(to routes: inout Routes) {
        // The token takes the place of credentials.
        routes.resource("/api/v1/shared/:token", [.read(.everybody, OpenAPI.Shares.shared, shared)])
    }

    private struct SharedDocument: JSONWritable {
        var share: Share
        /// The name of the share's account.
        var owner: String
        var items: [SharedTrack]
        var next: String?

        func write(to text: inout JSONText) {
            text.object { text in
                for (name, value) in [("by" as StaticString, owner), ("description", share.description)] {
                    text.key(name)
                    text.value(value)
                }
                text.key("expires")
                text.value(share.expires.map { Timestamp.text(milliseconds: $0) })
                text.key("items")
                text.array { text in for item in items { item.write(to: &text) } }
                text.key("name")
                text.value(share.name)
                text.key("next")
                text.value(next)
            }
        }
    }

    /// The same answer for a token that is no share's, for a share that was deleted, and for one that has expired.
    @Sendable private func shared(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let token = try context.parameters.require("token")
        guard let id = ShareToken.share(of: token, key: key), let (share, owner) = try await catalogue.openShare(id: id),
            let plan = try await plan.plan(share.account)
        else { throw Problem.notFound() }
        let page = try await catalogue.tracks(of: share, after: request.after, limit: request.pageLimit)
        let form = TrackDocument.Form(
            fields: SharedTrack.fields, offered: plan.offered, fingerprint: try await engine.knownFingerprint())
        let items = page.items.map { track in
            SharedTrack(document: TrackDocument(track, form), ticket: ticket(for: track, of: share))
        }
        let document = SharedDocument(share: share, owner: owner, items: items, next: page.next)
        let response = try Response(document, for: request)
        if request.method == .get, request.after == nil { try await catalogue.noteVisit(ofShare: id) }
        return response
    }

    private func ticket(for track: Track, of share: Share) -> String {
        let now = Int(Date.now.timeIntervalSince1970)
        let hour = (now / Self.hour + 1) * Self.hour
        let expires = min(hour + Ticket.lifetime(ofTrack: track.duration), share.expires.map { $0 / 1000 } ?? .max)
        return Ticket(account: track.account, track: track.id, rendition: "*", expires: expires, share: share.id)
            .signed(with: key)
    }
}

/// A track as a share shows it: what a player needs, and nothing of its owner's.
private struct SharedTrack: JSONWritable {
    static let fields = TrackFields(
        members: TrackMember.allCases.filter {
            [
                .id, .title, .artist, .artists, .album, .track, .disc, .duration, .art, .loudness, .samples, .sampleRate, .codec,
                .renditions
            ].contains($0)
        })

    let document: TrackDocument
    let ticket: String

    func write(to text: inout JSONText) {
        text.object { text in
            document.writeMembers(to: &text)
            text.key("ticket")
            text.value(ticket)
        }
    }
}
