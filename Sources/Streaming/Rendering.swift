import Audio
import Packaging

/// One Original in one rendition: all that decides the bytes of its chunks.
struct Rendering: Sendable {
    let original: OriginalHash
    let map: TrackMap
    let grid: FrameGrid
    /// The entity tag of the rendition, without quotes.
    let entityTag: String
    /// The name of chunk 0.
    private let first: ChunkName

    init(of original: OriginalHash, map: TrackMap, grid: FrameGrid, fingerprint: RenderFingerprint) {
        self.original = original
        self.map = map
        self.grid = grid
        entityTag = EntityTag.stream(original: original, rendition: grid.rendition, fingerprint: fingerprint)
        first = ChunkName(firstOf: entityTag)
    }

    /// The name of a chunk. It costs an addition and no hash, because every answer from memory needs it.
    func name(ofChunk index: Int) -> ChunkName { first.advanced(by: index) }
}
