import NIOCore

/// A reader's hold on a chunk. Letting go of the last hold on a chunk that is still queued drops it from the queue.
final class ChunkLease: Sendable {
    enum Content {
        /// All frames of the chunk.
        case frames(ByteBuffer)
        /// The frames as they are made.
        case flight(ChunkFlight)
        /// Nothing but the chunk's place in the queue.
        case place
    }

    let content: Content
    private let onRelease: (@Sendable () -> Void)?

    init(_ content: Content, onRelease: (@Sendable () -> Void)? = nil) {
        self.content = content
        self.onRelease = onRelease
    }

    deinit { onRelease?() }
}
