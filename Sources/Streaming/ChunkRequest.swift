import Audio

/// One chunk of one rendition of one track, with all that is needed to render it.
struct ChunkRequest: Sendable {
    let key: ChunkKey
    let map: TrackMap
    let grid: FrameGrid

    /// Bytes of the chunk's frames.
    var byteCount: Int { grid.byteCount(ofChunk: key.index) }
}
