/// How many bytes AAC takes. A chunk's size is known before it is encoded: the worker steers its encoder towards it and fills up
/// what is left.
public struct AACBudget: Sendable, Hashable {
    /// Frames by whose share a track's last chunk is larger: a short one has few others to take bytes from.
    private static let lastFrames = 2

    /// Bytes a frame may have.
    public let largestFrame: Int
    /// Bytes that an encoder is asked for in one frame at most: with more, libavcodec does not keep to the limit of a frame.
    public let largestRequest: Int
    private let sampleRate: Int
    /// Bytes of one frame, times the sample rate.
    private let bytes: Int

    /// - Parameter bitrate: of the rung in kbit/s.
    public init(bitrate: Int, output: OutputFormat) {
        largestFrame = Self.frameBytes(channels: output.channels)
        largestRequest = largestFrame * 65 / 100
        sampleRate = max(1, output.sampleRate)
        bytes = min(bitrate * 128_000, largestRequest * sampleRate)
    }

    /// Bytes that the standard allows a frame: 6144 bit per channel (ISO 14496-3 §4.5.1.1).
    public static func frameBytes(channels: Int) -> Int { 768 * channels }

    /// What the frames have, in bit/s: the rung's bitrate, or less if a frame cannot have as much.
    public var bitsPerSecond: Int { bytes / 128 }

    /// Bytes that a frame has on average.
    public var share: Double { Double(bytes) / Double(sampleRate) }

    /// Bytes of a chunk's frames and of what fills them up.
    public func bytes(ofFrames frames: Int, endsTrack: Bool) -> Int {
        (frames + (endsTrack ? Self.lastFrames : 0)) * bytes / sampleRate
    }
}
