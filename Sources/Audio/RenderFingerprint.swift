/// Tells two builds of the codec libraries apart: equal fingerprints must mean equal bytes for every chunk.
public struct RenderFingerprint: Sendable, Hashable {
    /// The first 32 bits of the hash of a built-in signal sent through every decoder, resampler and encoder family.
    public let value: UInt32
    /// The libraries' versions, for people and for the hash of an ETag.
    public let libraries: String

    public init(value: UInt32, libraries: String) {
        self.value = value
        self.libraries = libraries
    }
}
