import Audio
import Hummingbird
import Locker
import Packaging
import Streaming

/// Prepares the media a player announces: `?next={track}`, and CMCD's `nor`. These are hints only: wrong ones, and those without
/// a place in the queue, are ignored.
struct Anticipation: Sendable {
    /// Chunks of the next song that are prepared.
    private static let chunks = 2

    let catalogue: Catalogue
    let engine: StreamEngine

    /// Prepares the beginning of the next song, in the rung of `rendition` or the nearest lower one that the song has.
    func nextTrack(after rendition: Rendition, inSegments: Bool, _ request: Request, _ context: GatewayContext) async {
        guard request.method == .get, let id = request.uri.queryParameters["next"], let permission = context.permission,
            let track = try? await catalogue.track(id: String(id), account: permission.account), let source = track.source
        else { return }
        let rungs = source.rungs(
            of: rendition.ladder, bitrate: track.bitrate, among: context.plan.offered, inSegments: inSegments)
        guard let rung = rungs.last(where: { $0.bitrate <= rendition.bitrate }) ?? rungs.first else { return }
        if inSegments {
            try? await engine.segments(of: track.hash, in: rung).warm(0, for: context.listener)
        } else {
            try? await engine.stream(of: track.hash, in: rung).warmStart(Self.chunks, for: context.listener)
        }
    }

    /// Prepares the segment of the same track that the player names: `4.m4s` or `../aac-96/4.m4s`.
    func nextSegment(
        of track: Track, in rendition: Rendition, told player: CMCD, _ request: Request, _ context: GatewayContext
    ) async {
        guard request.method == .get, let path = player.nextObject?.pieces(at: "?", maxSplits: 1, omittingEmpty: false).first
        else { return }
        var parts = path.pieces(at: "/", omittingEmpty: false)
        guard let file = parts.popLast() else { return }
        let name = parts.last.map(String.init) ?? rendition.name
        guard let next = Rendition(named: name), context.plan.offered.contains(next), context.permits(rendition: name),
            let segments = try? await engine.segments(of: track.hash, in: next),
            case .segment(let number) = RenditionPart(String(file), segments: segments.layout.count)
        else { return }
        segments.warm(number, for: context.listener)
    }
}
