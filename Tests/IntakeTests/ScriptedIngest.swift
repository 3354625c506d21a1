import Audio
import Glibc
import Synchronization

/// Stands in for the ingest process: takes everything for one packet of PCM, but refuses what begins with `BAD`, and
/// never ends what begins with `SLOW`.
final class ScriptedIngest: Sendable {
    enum Behaviour: Sendable, Equatable {
        case accepts
        /// Sends all the file's bytes as its packet file.
        case acceptsWithPacketFile
        case refuses
        case dies
        case diesAmidPackets
        case sendsTooManyPackets
        case claimsMorePackets
        case claimsAnotherSize
        /// Never ends until it is cancelled.
        case hangs
    }

    struct Death: Error {}

    private struct State {
        var runs = 0
        var running = 0
        var mostRunning = 0
    }

    private let behaviour: Behaviour
    private let loudness: Double
    private let onStart: @Sendable () -> Void
    private let state = Mutex(State())

    /// - Parameter loudness: What it measures, in LUFS.
    init(_ behaviour: Behaviour = .accepts, loudness: Double = -20, onStart: @escaping @Sendable () -> Void = {}) {
        self.behaviour = behaviour
        self.loudness = loudness
        self.onStart = onStart
    }

    var runs: Int { state.withLock { $0.runs } }
    var mostRunning: Int { state.withLock { $0.mostRunning } }

    func run(descriptor: CInt, bytes: Int, onEvent: (IngestEvent) async throws -> Void) async throws -> IngestedTrack {
        state.withLock { state in
            state.runs += 1
            state.running += 1
            state.mostRunning = max(state.mostRunning, state.running)
        }
        defer { state.withLock { $0.running -= 1 } }
        onStart()
        var content = [UInt8](repeating: 0, count: bytes)
        guard pread(descriptor, &content, bytes, 0) == bytes else { throw Death() }
        if content.starts(with: Array("BAD".utf8)) { throw Refusal(.undecodable, "it is bad") }
        if content.starts(with: Array("SLOW".utf8)) { try await Task.sleep(for: .seconds(3600)) }
        try await onEvent(.progress(bytes: bytes, milliseconds: 1))

        var isPacketFile = false
        switch behaviour {
        case .accepts, .claimsMorePackets, .claimsAnotherSize: break
        case .refuses: throw Refusal(.undecodable, "it is refused")
        case .dies: throw Death()
        case .hangs: try await Task.sleep(for: .seconds(3600))
        case .acceptsWithPacketFile, .diesAmidPackets, .sendsTooManyPackets:
            isPacketFile = true
            try await onEvent(.packetBytes(Array(content.prefix(bytes / 2))))
            if behaviour == .diesAmidPackets { throw Death() }
            try await onEvent(.packetBytes(Array(content.dropFirst(bytes / 2))))
            if behaviour == .sendsTooManyPackets {
                try await onEvent(.packetBytes(Array(repeating: 0, count: TrackMap.packetFileLimit(originalBytes: bytes))))
            }
        }
        var packets = PacketTable()
        _ = packets.append(offset: 0, size: bytes + (behaviour == .claimsMorePackets ? 1 : 0), samples: 1000)
        let song = ScriptedSong(content)
        if let art = song?.art { try await onEvent(.artBytes(art)) }
        let map = TrackMap(
            container: "wav", source: SourceFormat(codec: .pcmS16LE, sampleRate: 44_100, channels: 2),
            originalBytes: bytes + (behaviour == .claimsAnotherSize ? 1 : 0), leadIn: 0, samples: 1000, packets: packets,
            usesPacketFile: isPacketFile, tags: song?.tags ?? TrackTags(), art: song?.picture)
        let measures = SoundMeasures(
            loudness: .init(integrated: loudness, truePeak: -1, range: 5), soundHash: song?.sound ?? 0,
            warnings: song?.warnings ?? [], features: SoundFeatures([Float](repeating: Float(loudness), count: 64)),
            fingerprint: song?.fingerprint ?? AcousticFingerprint())
        return IngestedTrack(map: map, measures: measures)
    }
}
