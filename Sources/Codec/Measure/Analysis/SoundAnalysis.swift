import Audio

/// Measures how a track sounds, and its fingerprint, from the samples of one decode. The sound becomes mono at 11,025 Hz once
/// for both.
///
/// Memory is bounded and allocated at the start; nothing is allocated for a frame. See Decisions/SoundMeasures.md.
struct SoundAnalysis: ~Copyable {
    /// Hz.
    static let rate = 11_025
    /// Hz of a source. Below it a third of the bands would be empty.
    static let lowestRate = 4_000
    /// Seconds from the track's start.
    private static let seconds = 240

    private var mixer: MonoMixer?
    private var fingerprint = FingerprintMeter()
    private var timbre = TimbreMeter()
    private var harmony = HarmonyMeter()
    /// Samples still wanted, at ``rate``.
    private var wanted = Self.seconds * Self.rate
    /// Whether sound was left out because its rate is too low.
    private var isPartial = false

    init(sampleRate: Int) { change(sampleRate: sampleRate) }

    /// Continues with sound of another rate.
    mutating func change(sampleRate: Int) {
        flush()
        guard wanted > 0 else { return }
        mixer = sampleRate >= Self.lowestRate ? MonoMixer(from: sampleRate) : nil
        if mixer == nil { isPartial = true }
    }

    /// Adds interleaved samples.
    mutating func add(_ samples: UnsafeBufferPointer<Float>, channels: Int) {
        guard wanted > 0, mixer != nil else { return }
        mixer?.mix(samples, channels: channels)
        drain()
        if wanted == 0 { mixer = nil }
    }

    /// Takes what is still in the resampler.
    private mutating func flush() {
        guard mixer != nil, wanted > 0 else { return }
        mixer?.finish()
        drain()
    }

    private mutating func drain() {
        while wanted > 0, let block = mixer?.next(), !block.isEmpty {
            let block = UnsafeBufferPointer(rebasing: block.prefix(wanted))
            fingerprint.add(block)
            timbre.add(block)
            harmony.add(block)
            wanted -= block.count
        }
    }

    /// Ends the signal, and notes what was found.
    mutating func finish(into measures: inout SoundMeasures) {
        flush()
        guard !isPartial else { return }
        measures.fingerprint = fingerprint.finish()
        guard let timbre = timbre.finish() else { return }
        // Without EBU R 128, as in sound of millions of samples a second, the level stands in for the loudness.
        let loudness = measures.loudness?.integrated ?? timbre.level
        measures.features = SoundFeatures(
            timbre.numbers + (harmony.intervals + [loudness, measures.loudness?.range ?? 0]).map { Float($0) })
    }
}
