/// What a message on a child's pipe is. `render` goes to the child, every other kind comes from it.
enum MessageKind: UInt16, Sendable, CaseIterable {
    /// A `RenderJob`, length-prefixed, then the packets' bytes.
    case render = 1
    /// In the sandbox, and nothing from outside read yet. A worker's render fingerprint, or the libraries of ingest's map.
    case ready
    /// The next bytes of the chunk.
    case frames
    /// The job is done; a worker's CPU time over it, in nanoseconds.
    case done
    /// The job is bad; why, as text.
    case failed

    case progress
    case packetBytes
    case artBytes
    case accepted
    case refused
    /// A `SoundMeasures`, as it is stored.
    case measured
}
