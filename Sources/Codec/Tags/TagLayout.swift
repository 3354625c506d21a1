/// The place of a format's tags.
enum TagLayout {
    /// ID3v2 in front, APEv2 and ID3v1 behind; ID3v2 comes first.
    case id3
    /// The same; APEv2 comes first.
    case ape
    /// In blocks; tags of the first kind may still surround it.
    case flac
    case ogg, mp4, asf, wav, aiff
}

extension Container {
    /// Nil if we have only libavformat's reading of the tags.
    var tagLayout: TagLayout? {
        switch self {
        case .mp3, .adts, .tta: .id3
        case .ape, .wavpack, .musepack7, .musepack8: .ape
        case .flac: .flac
        case .ogg: .ogg
        case .mp4: .mp4
        case .asf: .asf
        case .wav: .wav
        case .aiff: .aiff
        case .matroska, .caf: nil
        }
    }
}
