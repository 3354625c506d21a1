import Audio
import Locker

/// The properties of a file of a track, as `getTranscodeDecision` tells them and as a client's limitations name them.
struct StreamDetails: Hashable, Sendable {
    var `protocol` = "http"
    var container: String
    var codec: String
    var channels: Int?
    /// bit/s.
    var bitrate: Int?
    var profile: String?
    /// Hz.
    var sampleRate: Int?
    var bitDepth: Int?

    /// The original. A client may call its container and its codec by other names too: see ``containers(of:)``.
    init(originalOf track: Track, profile: String? = nil) {
        container = OriginalType(container: track.container, codec: track.codec).fileExtensions[0]
        codec = Self.codecs(of: track)[0]
        channels = track.channels
        bitrate = track.bitrate * 1000
        sampleRate = track.sampleRate
        bitDepth = track.bitsPerSample > 0 ? track.bitsPerSample : nil
        self.profile = profile
    }

    /// A rendition; nil if the track does not have it.
    init?(_ rung: Rendition, of track: Track, inSegments: Bool) {
        guard let source = track.source, let output = rung.output(for: source) else { return nil }
        `protocol` = inSegments ? "hls" : "http"
        container =
            switch rung.ladder {
            case _ where inSegments: "mp4"
            case .opus: "ogg"
            case .aac: "m4a"
            case .mp3, .flac: "mp3"
            }
        codec = rung.ladder.rawValue
        channels = output.channels
        bitrate =
            switch rung.ladder {
            // FLAC is as large as the original is, about.
            case .flac: track.bitrate * 1000
            case .aac: AACBudget(bitrate: rung.bitrate, output: output).bitsPerSecond
            case .mp3, .opus: rung.bitrate * 1000
            }
        profile = rung.ladder == .aac ? "LC" : nil
        sampleRate = output.sampleRate
        bitDepth = rung.ladder == .flac ? output.bitsPerSample : nil
    }

    /// The names of an original's container: ours, and those of files.
    static func containers(of track: Track) -> Set<String> {
        let type = OriginalType(container: track.container, codec: track.codec)
        let further: [String] =
            switch track.container {
            case "mp4": ["m4b", "mov"]
            case "ogg": ["opus", "ogg"]
            case "wav": ["wave"]
            default: []
            }
        // A bare Ogg is not called after Opus where it has another codec.
        let names = [track.container] + type.fileExtensions + further
        return Set(names.filter { $0 != "opus" || track.codec == "opus" })
    }

    /// The names of an original's codec, the usual one first.
    static func codecs(of track: Track) -> [String] {
        switch track.codec {
        case let codec where codec.hasPrefix("pcm_"): ["pcm", codec, "wav", "lpcm"]
        case "mp3adu": ["mp3"]
        case "musepack7", "musepack8": ["musepack", "mpc", track.codec]
        default: [track.codec]
        }
    }

    var element: SubsonicElement {
        [
            "protocol": .text(`protocol`), "container": .text(container), "codec": .text(codec),
            "audioChannels": channels.map(SubsonicValue.number), "audioBitrate": bitrate.map(SubsonicValue.number),
            "audioProfile": profile.map(SubsonicValue.text), "audioSamplerate": sampleRate.map(SubsonicValue.number),
            "audioBitdepth": bitDepth.map(SubsonicValue.number)
        ]
    }
}
