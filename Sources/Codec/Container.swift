/// The containers ingest opens: a closed list, each with the one demuxer that may see the file.
enum Container: String {
    case wav, aiff, flac, mp3, mp4, adts, ogg

    /// libavformat's short name of the demuxer.
    var demuxer: String {
        switch self {
        case .adts: "aac"
        case .mp4: "mov"
        default: rawValue
        }
    }

    /// Whether the container cuts packets up, so that they never lie in the file as they are.
    var lacesPackets: Bool { self == .ogg }

    /// Whether the container's header gives the exact length, so that a shorter file is a cut one.
    var declaresLength: Bool {
        switch self {
        case .wav, .aiff, .flac, .mp4, .mp3: true
        case .adts, .ogg: false
        }
    }
}
