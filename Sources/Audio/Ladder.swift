/// The renditions of one codec, lowest first. Players switch only inside a ladder.
public enum Ladder: String, Sendable, Hashable, CaseIterable {
    case mp3
    case opus
    case aac
    case flac

    /// Every rung of the ladder, lowest first.
    public var rungs: [Rendition] {
        let bitrates =
            switch self {
            case .mp3: [48, 64, 96, 128, 160, 192, 256, 320]
            case .opus: [24, 32, 48, 64, 96, 128, 160]
            case .aac: [32, 64, 96, 128, 160, 256]
            case .flac: [0]
            }
        return bitrates.map { Rendition(ladder: self, bitrate: $0) }
    }

    /// How the ladder's Streams are served as one file; nil if neither frame sizes nor the length are known before encoding.
    public var progressive: (mediaType: String, fileExtension: String)? {
        switch self {
        // RFC 3003, RFC 7845 §9, RFC 4337.
        case .mp3: ("audio/mpeg", "mp3")
        case .opus: ("audio/ogg; codecs=opus", "opus")
        case .aac: ("audio/mp4", "m4a")
        case .flac: nil
        }
    }

    /// Whether the ladder's Streams exist as one file each, of a length known before a frame is encoded.
    public var isProgressive: Bool { progressive != nil }

    /// Whether a chunk's size is known before it is encoded.
    public var hasKnownSizes: Bool { self != .flac }

    /// Whether the frames of a chunk differ in size, so that they are kept as ``EncodedFrames``.
    public var hasSizedFrames: Bool { self == .aac || self == .flac }

    /// The codec's name in HLS and DASH (RFC 6381 §3.3; Encapsulation of Opus / FLAC in ISO BMFF); nil if it is not served there.
    public var segmentCodec: String? {
        switch self {
        case .mp3: nil
        case .opus: "opus"
        case .aac: "mp4a.40.2"
        case .flac: "fLaC"
        }
    }
}
