import Audio
import Foundation
import HTTPTypes
import Hummingbird
import Locker
import Packaging
import Streaming

/// The listener that a rung is kept for: one credential, for one track, with the wishes that are part of the URL.
struct AutomaticListener: Hashable, Sendable {
    var permission: Permission
    var track: String
    var ladder: Ladder
    /// kbit/s.
    var maximum: Int?
}

extension MediaRoutes {
    /// `/stream/{track}` and `/stream/{track}/auto`: redirects to the rung that the listener's network carries.
    @Sendable func automatic(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let asked = try await MediaRequest(own: request, context, in: media.catalogue)
        let track = asked.track
        guard let permission = context.permission else { throw Problem.unauthorised }
        let ladder = try ladder(for: request)
        let rungs = track.source?.rungs(of: ladder, bitrate: track.bitrate, among: context.plan.offered, inSegments: false) ?? []
        guard !rungs.isEmpty else { throw Problem(.notOffered, track: track.id) }
        let permitted = rungs.filter { context.permits(rendition: $0.name) }
        let hints = NetworkHints(request)
        let listener = AutomaticListener(permission: permission, track: track.id, ladder: ladder, maximum: hints.maximum)
        let choice = choices.decision(for: listener) { PlaybackDecision(among: permitted, hints: hints) }
        guard let decision = choice else { throw Problem.unauthorised }
        media.responder.count(decision)
        let fingerprint = try await asked.answering { try await media.engine.fingerprint() }
        let tag = EntityTag.stream(original: track.hash, rendition: decision.rendition, fingerprint: fingerprint)
        let location = track.path(of: decision.rendition) + "?" + query(of: request, version: tag.prefix(8))
        if request.uri.queryParameters["explain"] != nil {
            return try Response(
                json: DecisionDocument(decision, url: location), headers: [.vary: NetworkHints.fields], for: request)
        }
        return Response(
            status: .temporaryRedirect, headers: [.location: location, .cacheControl: "no-store", .vary: NetworkHints.fields])
    }

    /// The ladder that the query names; otherwise Opus if the player says that it accepts Opus, AAC if it names MP4 or AAC and no MP3,
    /// and else MP3, which all players accept.
    private func ladder(for request: Request) throws -> Ladder {
        if let name = request.uri.queryParameters["ladder"] {
            guard let ladder = Ladder(rawValue: String(name)), ladder.isProgressive else {
                throw Problem.badRequest("ladder: \(name) is not one that is served as one file: mp3, opus or aac")
            }
            return ladder
        }
        let accepted = request.headers[.accept]?.lowercased() ?? ""
        func names(_ types: String...) -> Bool { types.contains(where: accepted.contains) }
        if names("audio/ogg", "audio/opus") { return .opus }
        return names("audio/mp4", "audio/aac", "audio/m4a", "audio/x-m4a") && !names("audio/mpeg", "audio/mp3") ? .aac : .mp3
    }

    /// The query of the redirect: the version, the ticket, and the parameters that the rung's URL understands.
    private func query(of request: Request, version: Substring) -> String {
        let kept = ["ticket", "download", "next"].compactMap { name in
            request.uri.queryParameters[Substring(name)].map { "\(name)=\(String($0).queryEncoded)" }
        }
        return (["v=\(version)"] + kept).joined(separator: "&")
    }
}

/// A decision as `?explain` shows it.
struct DecisionDocument: Encodable {
    struct ReasonDocument: Encodable {
        var cause: String
        /// kbit/s.
        var limit: Int?
    }

    var rendition: String
    var ladder: String
    var reasons: [ReasonDocument]
    var url: String

    init(_ decision: PlaybackDecision, url: String) {
        rendition = decision.rendition.name
        ladder = decision.rendition.ladder.rawValue
        reasons = decision.reasons.map { ReasonDocument(cause: $0.cause.rawValue, limit: $0.limit) }
        self.url = url
    }
}
