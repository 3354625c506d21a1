import Audio

/// One chunk of a rendering: all that is needed to render it.
struct ChunkRequest: Sendable {
    let rendering: Rendering
    let index: Int

    init(_ rendering: Rendering, _ index: Int) {
        self.rendering = rendering
        self.index = index
    }

    /// Bytes of the chunk's frames.
    var byteCount: Int { rendering.grid.byteCount(ofChunk: index) }

    var name: ChunkName { rendering.name(ofChunk: index) }
}
