public import Audio

/// Names one chunk's bytes: invariant 1 says they are a function of exactly this.
public struct ChunkKey: Sendable, Hashable {
    public let original: OriginalHash
    public let rendition: Rendition
    public let index: Int
    /// ``RenderFingerprint/value`` of the workers.
    public let fingerprint: UInt32

    public init(original: OriginalHash, rendition: Rendition, index: Int, fingerprint: UInt32) {
        self.original = original
        self.rendition = rendition
        self.index = index
        self.fingerprint = fingerprint
    }
}
