/// What a client can play, as it tells OpenSubsonic's `getTranscodeDecision`
/// (https://opensubsonic.netlify.app/docs/responses/clientinfo/).
struct ClientInfo: Decodable, Sendable {
    struct DirectPlayProfile: Decodable, Sendable {
        /// Empty lists stand for anything.
        var containers: [String]?
        var audioCodecs: [String]?
        var protocols: [String]?
        var maxAudioChannels: Int?
    }

    struct TranscodingProfile: Decodable, Sendable {
        var container: String
        var audioCodec: String
        var `protocol`: String
        var maxAudioChannels: Int?
    }

    struct CodecProfile: Decodable, Sendable {
        var type: String
        var name: String
        var limitations: [Limitation]?
    }

    struct Limitation: Decodable, Sendable {
        enum Subject: String, Sendable {
            case audioChannels, audioBitrate, audioProfile, audioSamplerate, audioBitdepth
        }

        enum Comparison: String, Sendable {
            case equals = "Equals"
            case notEquals = "NotEquals"
            case lessThanEqual = "LessThanEqual"
            case greaterThanEqual = "GreaterThanEqual"
        }

        /// Nil if it is not known here, like ``comparison``.
        var name: Subject?
        var comparison: Comparison?
        var values: [String]
        /// Whether it has to be met.
        var required: Bool

        private enum CodingKeys: CodingKey {
            case name, comparison, values, required
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            name = Subject(rawValue: try container.decode(String.self, forKey: .name))
            comparison = Comparison(rawValue: try container.decode(String.self, forKey: .comparison))
            values = try container.decode([Value].self, forKey: .values).map(\.text)
            required = try container.decodeIfPresent(Bool.self, forKey: .required) ?? false
        }

        /// A text, for which some clients send a number.
        private struct Value: Decodable {
            var text: String

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Int.self) {
                    text = "\(number)"
                } else {
                    text = try container.decode(String.self)
                }
            }
        }
    }

    var name: String
    /// bit/s; 0 or nil for no limit.
    var maxAudioBitrate: Int?
    var maxTranscodingAudioBitrate: Int?
    var directPlayProfiles: [DirectPlayProfile]?
    /// The one that the client likes best comes first.
    var transcodingProfiles: [TranscodingProfile]?
    var codecProfiles: [CodecProfile]?
}

extension ClientInfo.Limitation {
    /// Whether sound with these properties is within the limitation; nil if the property or the limitation is not known.
    func allows(_ sound: StreamDetails) -> Bool? {
        guard let comparison else { return nil }
        if name == .audioProfile {
            guard let profile = sound.profile else { return nil }
            let isNamed = values.contains { $0.lowercased() == profile.lowercased() }
            switch comparison {
            case .equals: return isNamed
            case .notEquals: return !isNamed
            case .lessThanEqual, .greaterThanEqual: return nil
            }
        }
        let property: Int? =
            switch name {
            case .audioChannels: sound.channels
            case .audioBitrate: sound.bitrate
            case .audioSamplerate: sound.sampleRate
            case .audioBitdepth: sound.bitDepth
            case .audioProfile, nil: nil
            }
        guard let property else { return nil }
        let numbers = values.compactMap { Int($0) }
        guard let first = numbers.first else { return nil }
        switch comparison {
        case .equals: return numbers.contains(property)
        case .notEquals: return !numbers.contains(property)
        case .lessThanEqual: return property <= first
        case .greaterThanEqual: return property >= first
        }
    }

    /// Why sound beyond the limitation cannot be played.
    var reason: TranscodeReason {
        switch name {
        case .audioChannels: .channels
        case .audioBitrate: .bitrate
        case .audioProfile: .profile
        case .audioSamplerate: .sampleRate
        case .audioBitdepth: .bitDepth
        case nil: .codec
        }
    }
}

/// Why a client cannot play an original as it is.
enum TranscodeReason: String, Sendable {
    case container = "ContainerNotSupported"
    case codec = "AudioCodecNotSupported"
    case `protocol` = "ProtocolNotSupported"
    case channels = "AudioChannelsNotSupported"
    case bitrate = "AudioBitrateNotSupported"
    case profile = "AudioProfileNotSupported"
    case sampleRate = "AudioSamplerateNotSupported"
    case bitDepth = "AudioBitdepthNotSupported"
}
