import Audio
import Packaging

/// `gapless.json`: the frames of a rendition on the track's time line, for a page that joins tracks by Media Source Extensions.
///
/// Frame f begins at sample `f * samplesPerFrame - priming` of the track. Segment k has the frames from `k * framesPerSegment` on.
struct GaplessDocument: Encodable {
    /// For `MediaSource.isTypeSupported()` and `addSourceBuffer()`.
    var type: String
    /// Hz.
    var rate: Int
    /// Samples per channel of the track at `rate`.
    var samples: Int
    /// Samples that the encoder puts before the track.
    var priming: Int
    var samplesPerFrame: Int
    var frames: Int
    var framesPerSegment: Int
    var segments: Int
    /// kbit/s.
    var bitrate: Int
    /// The `v` of the rendition's URLs.
    var version: String

    /// - Parameter entityTag: the rendition's.
    init(_ variant: PlaylistVariant, entityTag: String) {
        let (layout, grid) = (variant.layout, variant.layout.grid)
        type = "audio/mp4; codecs=\"\(grid.rendition.ladder.segmentCodec ?? "")\""
        rate = grid.output.sampleRate
        samples = grid.outputSamples
        priming = grid.encoderDelay
        samplesPerFrame = grid.samplesPerFrame
        frames = grid.frameCount
        framesPerSegment = layout.framesPerSegment
        segments = layout.count
        bitrate = grid.rendition.bitrate > 0 ? grid.rendition.bitrate : (variant.averageBandwidth + 500) / 1000
        version = String(entityTag.prefix(8))
    }
}
