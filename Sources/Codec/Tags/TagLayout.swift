/// Where a format keeps its tags.
enum TagLayout {
    /// ID3v2 in front, APEv2 and ID3v1 behind, ID3v2 counting most.
    case id3
    /// The same, APEv2 counting most.
    case ape
    /// In blocks; tags of the first kind may still surround it.
    case flac
    case ogg, mp4, asf, wav, aiff
}

extension Container {
    /// Nil where libavformat's reading of the tags is the one we have.
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
