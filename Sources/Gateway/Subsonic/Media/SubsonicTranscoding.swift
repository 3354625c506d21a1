import Audio
import Foundation
import Hummingbird
import Locker

/// `getTranscodeDecision` and `getTranscodeStream`: OpenSubsonic's extension `transcoding`.
struct SubsonicTranscoding: Sendable {
    private static let longestBody = 64 << 10
    static let decisionEndpoint = "getTranscodeDecision"

    let media: SubsonicMedia

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.route(Self.decisionEndpoint, scope: .media, decision)
        endpoints.media(SubsonicErrors.plainEndpoint, stream)
    }

    @Sendable private func decision(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let id = try request.song()
        guard let bytes = try await request.request.bytes(upTo: Self.longestBody), bytes.readableBytes > 0,
            let client = try? JSONDecoder().decode(ClientInfo.self, from: Data(bytes.readableBytesView))
        else { throw SubsonicError(.parameter, "send a ClientInfo as JSON, of at most \(Self.longestBody) bytes") }
        let track = try await media.asked(request, id).track
        let profile = track.codec == SourceCodec.aac.rawValue ? await media.media.profile(of: track) : nil
        let decision = TranscodeDecision(track, profile: profile, for: client, offered: request.plan.offered)
        return SubsonicAnswer("transcodeDecision", Self.element(decision))
    }

    private static func element(_ decision: TranscodeDecision) -> SubsonicElement {
        let isPlayable = decision.canDirectPlay || decision.target != nil
        var element: SubsonicElement = [
            "canDirectPlay": .flag(decision.canDirectPlay), "canTranscode": .flag(decision.target != nil),
            "transcodeReason": .texts(decision.reasons.map(\.rawValue)),
            "errorReason": .text(isPlayable ? "" : "no rendition meets a transcoding profile"),
            "sourceStream": .element(decision.source.element)
        ]
        if let target = decision.target, let details = decision.targetDetails {
            element.add("transcodeParams", target.text)
            element.add("transcodeStream", details.element)
        }
        return element
    }

    @Sendable private func stream(_ request: SubsonicRequest, _ account: Int64) async throws -> Response {
        let id = try request.song()
        let start = try request.seconds("offset")
        guard let target = TranscodeDecision.Target(try request.text("transcodeParams")) else {
            throw SubsonicError(.parameter, "transcodeParams must be those of a decision")
        }
        let asked = try await media.asked(request, id, start: start)
        // Decisions are for the plan and the track as they were: both may have changed.
        let rungs = asked.track.source?.rungs(
            of: target.rung.ladder, bitrate: asked.track.bitrate, among: request.plan.offered,
            inSegments: target.isInSegments)
        guard rungs?.contains(target.rung) == true else { throw SubsonicError.notFound }
        guard target.isInSegments else { return try await media.answer(asked, .rendition(target.rung)) }
        return try await media.playlist(request, asked.track, [target.rung], of: target.rung.ladder)
    }
}

extension TranscodeDecision.Target {
    private static let segments = "hls."

    /// As `transcodeParams` have it.
    var text: String { (isInSegments ? Self.segments : "") + rung.name }

    init?(_ text: String) {
        isInSegments = text.hasPrefix(Self.segments)
        guard let rung = Rendition(named: isInSegments ? String(text.dropFirst(Self.segments.count)) : text) else { return nil }
        self.rung = rung
        guard isInSegments || rung.ladder.isProgressive else { return nil }
    }
}
