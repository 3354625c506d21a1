import Audio
import Locker

/// How a client is to play a track: whether it can play the original, and the best rendition that it can play. Pure.
struct TranscodeDecision: Sendable {
    /// A rendition, as one file or in segments.
    struct Target: Hashable, Sendable {
        var rung: Rendition
        var isInSegments: Bool
    }

    /// Why the client cannot play the original; empty if it can.
    private(set) var reasons: [TranscodeReason] = []
    /// Nil if no rendition meets what the client can play.
    private(set) var target: Target?
    let source: StreamDetails
    private(set) var targetDetails: StreamDetails?

    var canDirectPlay: Bool { reasons.isEmpty }

    /// - Parameters:
    ///   - profile: that of the original's sound, such as `LC`; nil if it is not known.
    ///   - offered: the rungs of the account's plan.
    init(_ track: Track, profile: String? = nil, for client: ClientInfo, offered: Set<Rendition>) {
        source = StreamDetails(originalOf: track, profile: profile)
        reasons = Self.obstacles(track, source, client)
        guard let format = track.source else { return }
        let limit = [client.maxAudioBitrate, client.maxTranscodingAudioBitrate].compactMap(\.self).filter { $0 > 0 }.min() ?? .max
        for profile in client.transcodingProfiles ?? [] {
            let targets = Self.targets(of: profile).flatMap { ladder, isInSegments in
                format.rungs(of: ladder, bitrate: track.bitrate, among: offered, inSegments: isInSegments).compactMap { rung in
                    StreamDetails(rung, of: track, inSegments: isInSegments).map {
                        (Target(rung: rung, isInSegments: isInSegments), $0)
                    }
                }
            }
            let limitations = Self.limitations(of: [profile.audioCodec], client)
            let playable = targets.filter { _, sound in
                (sound.bitrate ?? 0) <= limit && Self.fits(sound.channels, profile.maxAudioChannels)
                    && limitations.allSatisfy { !$0.required || $0.allows(sound) == true }
            }
            // A rendition that has more bits than a lossy original has no more to give. Below the lowest rung there is no other.
            let most = format.codec.isLossless ? Int.max : track.bitrate * 1000
            let honest = playable.filter { ($0.1.bitrate ?? 0) <= most }
            let candidates = honest.isEmpty ? Array(playable.prefix(1)) : honest
            // Limitations that need not be met are met if they can be.
            let best = candidates.last { _, sound in limitations.allSatisfy { $0.allows(sound) != false } } ?? candidates.last
            guard let best else { continue }
            (target, targetDetails) = best
            // The client knows the container by the name that it gave.
            if !profile.container.isEmpty { targetDetails?.container = profile.container }
            return
        }
    }

    /// The ladders of a profile, lowest first, and whether they are served in segments.
    private static func targets(of profile: ClientInfo.TranscodingProfile) -> [(ladder: Ladder, isInSegments: Bool)] {
        let (container, codec) = (profile.container.lowercased(), profile.audioCodec.lowercased())
        let link = profile.protocol.lowercased()
        if ["http", "*", ""].contains(link) {
            switch (codec, container) {
            case ("mp3", "mp3"), ("mp3", "mpeg"), ("mp3", ""): return [(.mp3, false)]
            case ("opus", "ogg"), ("opus", "opus"), ("opus", "oga"), ("opus", ""): return [(.opus, false)]
            case ("aac", "m4a"), ("aac", "mp4"), ("aac", ""): return [(.aac, false)]
            default: break
            }
        }
        guard ["hls", "*"].contains(link), ["mp4", "m4a", "fmp4", "cmaf", ""].contains(container) else { return [] }
        guard let ladder = Ladder(rawValue: codec), ladder.segmentCodec != nil else { return [] }
        return [(ladder, true)]
    }

    private static func obstacles(_ track: Track, _ source: StreamDetails, _ client: ClientInfo) -> [TranscodeReason] {
        var reasons: [TranscodeReason] = []
        func note(_ reason: TranscodeReason) { if !reasons.contains(reason) { reasons.append(reason) } }
        if let most = client.maxAudioBitrate, most > 0, source.bitrate ?? 0 > most { note(.bitrate) }
        let containers = StreamDetails.containers(of: track)
        let codecs = StreamDetails.codecs(of: track)
        // The profile that comes nearest says why.
        var nearest: [TranscodeReason]?
        for profile in client.directPlayProfiles ?? [] {
            var obstacles: [TranscodeReason] = []
            if !names(profile.containers, anyOf: containers) { obstacles.append(.container) }
            if !names(profile.audioCodecs, anyOf: Set(codecs)) { obstacles.append(.codec) }
            if !names(profile.protocols, anyOf: ["http"]) { obstacles.append(.protocol) }
            if !fits(source.channels, profile.maxAudioChannels) { obstacles.append(.channels) }
            if obstacles.count < nearest?.count ?? .max { nearest = obstacles }
        }
        for reason in nearest ?? [.container, .codec] { note(reason) }
        for limitation in limitations(of: codecs, client) where limitation.required && limitation.allows(source) != true {
            note(limitation.reason)
        }
        return reasons
    }

    private static func limitations(of codecs: [String], _ client: ClientInfo) -> [ClientInfo.Limitation] {
        let codecs = codecs.map { $0.lowercased() }
        return (client.codecProfiles ?? []).filter { profile in
            profile.type == "AudioCodec" && codecs.contains(profile.name.lowercased())
        }.flatMap { $0.limitations ?? [] }
    }

    /// Whether a list has one of these names. An empty list stands for all.
    private static func names(_ list: [String]?, anyOf known: Set<String>) -> Bool {
        guard let list, !list.isEmpty else { return true }
        return list.contains { $0 == "*" || known.contains($0.lowercased()) }
    }

    private static func fits(_ channels: Int?, _ most: Int?) -> Bool {
        guard let channels, let most, most > 0 else { return true }
        return channels <= most
    }
}
