import Audio

/// Takes one chunk's signal frame by frame, pre-roll first, and emits the bytes of the frames that are kept.
protocol FrameEncoder: ~Copyable {
    /// Whether the encoder reads all channels interleaved, or one plane after another.
    static var readsInterleaved: Bool { get }

    /// Encodes the frame of input that begins at `sample`. Emits at most ``EncodedBytes/room`` bytes.
    mutating func encode(
        _ signal: borrowing SignalBuffer, at sample: Int, into output: inout EncodedBytes
    ) throws(RenderError)
}
