/// The renditions of one codec, lowest first. Players switch only inside a ladder.
public enum Ladder: String, Sendable, Hashable, CaseIterable {
    case mp3
    case opus

    /// Every rung of the ladder, lowest first.
    public var rungs: [Rendition] {
        switch self {
        case .mp3: [48, 64, 96, 128, 160, 192, 256, 320].map { Rendition(ladder: self, bitrate: $0) }
        case .opus: [24, 32, 48, 64, 96, 128, 160].map { Rendition(ladder: self, bitrate: $0) }
        }
    }

    /// The media type of the progressive Stream (RFC 3003, RFC 7845 §9).
    public var mediaType: String {
        switch self {
        case .mp3: "audio/mpeg"
        case .opus: "audio/ogg; codecs=opus"
        }
    }

    /// The file extension of the progressive Stream, without a dot.
    public var fileExtension: String { rawValue }
}
