import Audio

/// The containers ingest opens: a closed list, each with the one demuxer that may see the file.
enum Container: String, CaseIterable {
    case wav, aiff, flac, mp3, mp4, adts, ogg
    // Accepted only if the server is configured so.
    case wavpack, ape, tta, musepack7, musepack8, asf, matroska, caf

    /// The name the track's JSON shows.
    var name: String {
        switch self {
        case .musepack7, .musepack8: "musepack"
        default: rawValue
        }
    }

    /// libavformat's short name of the demuxer.
    var demuxer: String {
        switch self {
        case .adts: "aac"
        case .mp4: "mov"
        case .wavpack: "wv"
        case .musepack7: "mpc"
        case .musepack8: "mpc8"
        default: rawValue
        }
    }

    /// Whether the container is not one of the core formats.
    var isExtra: Bool {
        switch self {
        case .wav, .aiff, .flac, .mp3, .mp4, .adts, .ogg: false
        default: true
        }
    }

    /// Whether the container cuts packets up, so that they never lie in the file in one piece.
    var lacesPackets: Bool { self == .ogg || self == .musepack7 }

    /// Whether the container's header gives the exact length, so that a shorter file is a cut one.
    var declaresLength: Bool {
        switch self {
        case .adts, .ogg, .asf, .matroska, .musepack7: false
        default: true
        }
    }

    /// The name people know.
    var title: String {
        switch self {
        case .wav: "WAV"
        case .aiff: "AIFF"
        case .flac: "FLAC"
        case .mp3: "MP3"
        case .mp4: "MP4"
        case .adts: "AAC"
        case .ogg: "Ogg"
        case .wavpack: "WavPack"
        case .ape: "Monkey's Audio"
        case .tta: "True Audio"
        case .musepack7, .musepack8: "Musepack"
        case .asf: "Windows Media"
        case .matroska: "Matroska or WebM"
        case .caf: "Core Audio"
        }
    }
}
