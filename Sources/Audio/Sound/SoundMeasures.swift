/// Measurements of one decode of the whole track, over exactly the track's samples. No byte of a stream depends on them: they are
/// stored beside the ``TrackMap``, in a file and of a version of their own. See Decisions/Measures.md.
public struct SoundMeasures: Sendable, Hashable {
    /// Version of the stored form and of the rules that measure. A new one makes every Original be measured again, in the
    /// background; no ETag depends on it. Version 2 added ``features`` and ``fingerprint``.
    public static let currentVersion = 2
    /// Points of ``waveform``.
    public static let waveformPoints = 1000

    /// ITU-R BS.1770-4 and EBU R 128; nil if nothing is louder than the absolute gate of -70 LUFS.
    public struct Loudness: Sendable, Hashable {
        /// LUFS.
        public var integrated: Double
        /// dBTP, of the loudest channel.
        public var truePeak: Double
        /// EBU Tech 3342, in LU.
        public var range: Double

        public init(integrated: Double, truePeak: Double, range: Double) {
            self.integrated = integrated
            self.truePeak = truePeak
            self.range = range
        }

        /// The gain in dB that brings the track to ReplayGain 2.0's reference of -18 LUFS.
        public var replayGain: Double { -18 - integrated }
    }

    /// The version of the rules that measured it.
    public var version = Self.currentVersion
    public var loudness: Loudness?
    /// Peak of each thousandth of the track, over all channels: 255 is full scale. Empty only if it was made by hand.
    public var waveform: [UInt8]
    /// Samples per channel below -60 dBFS at the start, and at the end; at the source rate.
    public var leadingSilence: Int
    public var trailingSilence: Int
    /// Samples, over all channels, that are at full scale next to another one at full scale.
    public var clippedSamples: Int
    /// A hash over all packets' bytes: equal in files that differ only in their tags. 0 if unknown.
    public var soundHash: UInt64
    /// What a person should know about the file, one sentence each.
    public var warnings: [String]
    /// Nil if less than a second of the track is louder than -70 dBFS, if its rate is below 4 kHz, or before version 2.
    public var features: SoundFeatures?
    /// Empty as ``features`` is nil, but for silence.
    public var fingerprint: AcousticFingerprint

    public init(
        loudness: Loudness? = nil, waveform: [UInt8] = [], leadingSilence: Int = 0, trailingSilence: Int = 0,
        clippedSamples: Int = 0, soundHash: UInt64 = 0, warnings: [String] = [], features: SoundFeatures? = nil,
        fingerprint: AcousticFingerprint = AcousticFingerprint()
    ) {
        self.loudness = loudness
        self.waveform = waveform
        self.leadingSilence = leadingSilence
        self.trailingSilence = trailingSilence
        self.clippedSamples = clippedSamples
        self.soundHash = soundHash
        self.warnings = warnings
        self.features = features
        self.fingerprint = fingerprint
    }
}
