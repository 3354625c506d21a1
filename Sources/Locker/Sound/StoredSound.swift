public import Audio

/// What is known of an Original's sound.
public struct StoredSound: Sendable, Hashable {
    public var original: OriginalHash
    /// Equal for encodes of one recording, in all lockers. It says nothing else.
    public var recording: Int64
    /// Nil for sound that has none: see ``SoundMeasures/features``.
    public var features: SoundFeatures?
}
