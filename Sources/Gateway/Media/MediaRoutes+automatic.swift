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
        let (ladder, permitted) = try rungs(of: track, for: request, context)
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

    /// The ladder to take a rung from, and those of its rungs that the credentials permit: the ladder that the query names, otherwise
    /// the first one with a rung of those that the player accepts.
    private func rungs(
        of track: Track, for request: Request, _ context: GatewayContext
    ) throws -> (Ladder, [Rendition]) {
        let ladders = try named(by: request).map { [$0] } ?? Self.accepted(by: request.headers[.accept])
        var isOffered = false
        for ladder in ladders {
            let rungs =
                track.source?.rungs(of: ladder, bitrate: track.bitrate, among: context.plan.offered, inSegments: false) ?? []
            isOffered = isOffered || !rungs.isEmpty
            let permitted = rungs.filter { context.permits(rendition: $0.name) }
            if !permitted.isEmpty { return (ladder, permitted) }
        }
        throw isOffered ? Problem.unauthorised : Problem(.notOffered, track: track.id)
    }

    private func named(by request: Request) throws -> Ladder? {
        guard let name = request.uri.queryParameters["ladder"] else { return nil }
        guard let ladder = Ladder(rawValue: String(name)), ladder.isProgressive else {
            throw Problem.badRequest("ladder: \(name) is not one that is served as one file: mp3, opus or aac")
        }
        return ladder
    }

    /// Opus first if the player says that it accepts Opus, AAC if it names MP4 or AAC and no MP3, and else MP3, which all players
    /// accept; then the others.
    static func accepted(by field: String?) -> [Ladder] {
        let types = Set(WeightedName.elements(of: field, takesParameters: true).filter { $0.weight > 0 }.map(\.name))
        let takesOpus = !types.isDisjoint(with: ["audio/ogg", "audio/opus"])
        let takesAAC = !types.isDisjoint(with: ["audio/mp4", "audio/aac", "audio/m4a", "audio/x-m4a"])
        let takesMP3 = !types.isDisjoint(with: ["audio/mpeg", "audio/mp3"])
        let others: [Ladder] = takesAAC && !takesMP3 ? [.aac, .mp3] : [.mp3, .aac]
        return takesOpus ? [.opus] + others : others + [.opus]
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
