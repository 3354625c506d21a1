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

    /// Renders the beginning of the next song, in the rung of `rendition`, else in the nearest lower rung that it has, else
    /// in its lowest.
    func nextTrack(_ asked: MediaRequest, after rendition: Rendition, inSegments: Bool) async {
        let context = asked.context
        guard asked.request.method == .get, let id = asked.wishes.nextTrack, let permission = context.permission,
            let track = try? await catalogue.track(id: id, account: permission.account), let source = track.source
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

    /// Renders the segment that the player names, which is one of the same track: `4.m4s` or `../aac-96/4.m4s`.
    func nextSegment(_ asked: MediaRequest, in rendition: Rendition, told player: CMCD) async {
        let context = asked.context
        guard asked.request.method == .get,
            let path = player.nextObject?.pieces(at: "?", maxSplits: 1, omittingEmpty: false).first
        else { return }
        var parts = path.pieces(at: "/", omittingEmpty: false)
        guard let file = parts.popLast() else { return }
        let name = parts.last.map(String.init) ?? rendition.name
        guard let next = Rendition(named: name), context.plan.offered.contains(next), context.permits(rendition: name),
            let segments = try? await engine.segments(of: asked.track.hash, in: next),
            case .segment(let number, _) = RenditionPart(String(file), segments: segments.layout.count)
        else { return }
        segments.warm(number, for: context.listener)
    }
}
