/// The kind of a message on a child's pipe. `render` goes to the child; all others come from it.
enum MessageKind: UInt16, Sendable, CaseIterable {
    /// A `RenderJob`, length-prefixed, then the packets' bytes.
    case render = 1
    /// The child is in the sandbox and has read nothing from outside. Holds a worker's render fingerprint, or the libraries of
    /// ingest's map.
    case ready
    /// The next bytes of the chunk.
    case frames
    /// The job is done. Holds the worker's CPU time for it, in nanoseconds.
    case done
    /// The job is bad. Holds the reason, as text.
    case failed

    case progress
    case packetBytes
    case artBytes
    case accepted
    case refused
    /// A `SoundMeasures`, as it is stored.
    case measured
}
