/// The codecs an Original may be in. The raw value is libavcodec's name for the codec, as the track's JSON shows it.
public enum SourceCodec: String, Sendable, Hashable, CaseIterable {
    case pcmU8 = "pcm_u8"
    case pcmS8 = "pcm_s8"
    case pcmS16LE = "pcm_s16le"
    case pcmS16BE = "pcm_s16be"
    case pcmS24LE = "pcm_s24le"
    case pcmS24BE = "pcm_s24be"
    case pcmS32LE = "pcm_s32le"
    case pcmS32BE = "pcm_s32be"
    case pcmF32LE = "pcm_f32le"
    case pcmF32BE = "pcm_f32be"
    case pcmF64LE = "pcm_f64le"
    case pcmF64BE = "pcm_f64be"
    case pcmALaw = "pcm_alaw"
    case pcmMuLaw = "pcm_mulaw"
    case flac
    case alac
    case mp3
    /// Free-format MP3, taken apart into application data units (RFC 5219).
    case mp3ADU = "mp3adu"
    case aac
    case vorbis
    case opus
    // Only in containers beside the core ones.
    case wavpack
    case ape
    case tta
    case wmaLossless = "wmalossless"
    case musepack7
    case musepack8
    case wma1 = "wmav1"
    case wma2 = "wmav2"
    case wmaPro = "wmapro"
    case wmaVoice = "wmavoice"
    case speex

    /// Whether decoding gives back the samples that were encoded.
    public var isLossless: Bool {
        switch self {
        case .mp3, .mp3ADU, .aac, .vorbis, .opus, .pcmALaw, .pcmMuLaw: false
        case .musepack7, .musepack8, .wma1, .wma2, .wmaPro, .wmaVoice, .speex: false
        default: true
        }
    }

    /// The ladder in the same codec, if there is one.
    public var ladder: Ladder? {
        switch self {
        case .mp3, .mp3ADU: .mp3
        case .opus: .opus
        case .aac: .aac
        default: nil
        }
    }
}
