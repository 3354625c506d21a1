import Audio

/// One chunk of one rendition of one track, with all that is needed to render it.
struct ChunkRequest: Sendable {
    let key: ChunkKey
    let map: TrackMap
    let grid: FrameGrid
    /// The entity tag of the chunk's Stream: all that decides the chunk's bytes besides its number, across versions and restarts.
    let stream: String

    /// Bytes of the chunk's frames.
    var byteCount: Int { grid.byteCount(ofChunk: key.index) }

    var name: ChunkName { ChunkName(stream: stream, index: key.index) }
}
