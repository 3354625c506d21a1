/// Measurements of one decode of the whole track, over exactly the track's samples.
public struct SoundMeasures: Sendable, Hashable {
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

    public var loudness: Loudness?
    /// Peak of each thousandth of the track, over all channels: 255 is full scale. Empty only in a map made by hand.
    public var waveform: [UInt8]
    /// Samples per channel below -60 dBFS at the start, and at the end.
    public var leadingSilence: Int
    public var trailingSilence: Int
    /// Samples, over all channels, that are at full scale next to another one at full scale.
    public var clippedSamples: Int

    public init(
        loudness: Loudness? = nil, waveform: [UInt8] = [], leadingSilence: Int = 0, trailingSilence: Int = 0,
        clippedSamples: Int = 0
    ) {
        self.loudness = loudness
        self.waveform = waveform
        self.leadingSilence = leadingSilence
        self.trailingSilence = trailingSilence
        self.clippedSamples = clippedSamples
    }
}

extension SoundMeasures {
    func write(to writer: inout ByteWriter) {
        for value in [loudness?.integrated, loudness?.truePeak, loudness?.range] { writer.write(value) }
        writer.writeField(waveform)
        for number in [leadingSilence, trailingSilence, clippedSamples] { writer.writeVariable(number) }
    }

    init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
        let values = (try reader.readNumber(), try reader.readNumber(), try reader.readNumber())
        if case (let integrated?, let truePeak?, let range?) = values {
            loudness = Loudness(integrated: integrated, truePeak: truePeak, range: range)
        }
        waveform = try reader.readField(limit: Self.waveformPoints)
        leadingSilence = try reader.readVariable(limit: 1 << 40)
        trailingSilence = try reader.readVariable(limit: 1 << 40)
        clippedSamples = try reader.readVariable(limit: 1 << 44)
    }
}
