/// How a track sounds, as 64 numbers without a unit in common: they are compared by their places among a library's tracks,
/// each divided by its deviation. See Decisions/SoundMeasures.md of Codec for how each is measured.
///
/// The same sound measured on another machine may differ in the last digits, because libav picks its code by the processor.
public struct SoundFeatures: Sendable, Hashable {
    public static let count = 64
    /// Bytes of ``bytes``.
    public static let storedBytes = count * 4

    /// Places of the numbers.
    public enum Part {
        /// Means, then standard deviations, of the cepstral coefficients 1 to 20 of 32 mel bands from 60 to 5,000 Hz.
        public static let timbre = 0..<40
        /// Flatness of the seven octaves below 5.5 kHz, in octaves of power below their mean; the deepest first.
        public static let flatness = 40..<47
        /// Contrast of the same octaves: the strongest bin over the mean, in octaves of power.
        public static let contrast = 47..<54
        /// Onsets a second.
        public static let onsets = 54
        /// The octave of tempi from 75 beats a minute on, as 0 to 1: a beat counted twice or half as fast is the same.
        public static let tempo = 55
        /// The correlation of the chroma with itself 1 to 6 semitones higher: the same in every key.
        public static let intervals = 56..<62
        /// LUFS.
        public static let loudness = 62
        /// LU.
        public static let range = 63
    }

    /// ``count`` finite numbers.
    public let values: [Float]

    /// Nil if there are not ``count`` numbers, or if one is not finite.
    public init?(_ values: [Float]) {
        guard values.count == Self.count, values.allSatisfy(\.isFinite) else { return nil }
        self.values = values
    }

    /// The numbers as IEEE 754 of 32 bits, little-endian: ``storedBytes``.
    public var bytes: [UInt8] {
        var writer = ByteWriter(reservingCapacity: Self.storedBytes)
        for value in values { writer.write(value.bitPattern) }
        return writer.bytes
    }

    /// Nil if these are not the ``bytes`` of any features.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.storedBytes else { return nil }
        self.init(
            stride(from: 0, to: bytes.count, by: 4).map { start in
                Float(bitPattern: bytes[start..<(start + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) })
            })
    }
}
