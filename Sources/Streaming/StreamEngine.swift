public import Audio
public import CodecProcess
public import Metrics
public import NIOCore
public import Originals
import Packaging

/// Everything between a track's Original and the bytes of its Streams.
///
/// The engine makes its parts, gives out ``RenditionStream``s and ``SegmentedRendition``s, and shuts its parts down. The
/// values it gives out hold the two parts they need: the store of chunks and the audience.
public final class StreamEngine: Sendable {
    public struct Configuration: Sendable {
        /// Makes a JPEG of a picture whose longer side has `size` pixels. The real one is a jailed process.
        ///
        /// Throws `Refusal` if the picture cannot be decoded, `WorkerError` if no process can be started, and
        /// `CancellationError`.
        public typealias Resize = @Sendable (_ picture: [UInt8], _ size: Int) async throws -> [UInt8]

        /// Bytes of chunks kept in memory.
        public var cacheBytes: Int
        /// Chunks rendered ahead of a reader, at lower priority than any chunk that a listener waits for.
        public var readAhead: Int
        /// Chunks rendered ahead at once; nil keeps a worker free for listeners.
        public var slotsAhead: Int?
        /// Chunks that may wait for a worker before new listeners are told ``StreamError/busy``.
        public var queueCapacity: Int
        /// Whether there can be listeners of more than one account. If so, some of the workers' time is reserved for
        /// accounts with few listeners.
        public var isShared = true
        /// A directory that keeps chunks too; nil keeps them in memory only.
        public var disk: Disk?
        /// Scales covers; nil leaves them as they are.
        public var resize: Resize?
        /// How fast paced readings go.
        public var pace = Pace()

        public init(
            cacheBytes: Int = 256 << 20, readAhead: Int = 2, slotsAhead: Int? = nil, queueCapacity: Int = 1024
        ) {
            self.cacheBytes = cacheBytes
            self.readAhead = readAhead
            self.slotsAhead = slotsAhead
            self.queueCapacity = queueCapacity
        }
    }

    private static let mapBytes = 16 << 20

    private let chunks: ChunkStore
    private let audience: Audience
    private let maps: TrackMapCache
    private let covers: Covers?
    private let pool: WorkerPool
    private let cpu = ProcessorTime()

    public init(originals: any OriginalStore, pool: WorkerPool, configuration: Configuration, metrics: any MetricsFactory) {
        self.pool = pool
        maps = TrackMapCache(originals: originals, budget: Self.mapBytes)
        // If the cache cannot hold the chunks read ahead, they would be rendered twice.
        let readAhead = configuration.cacheBytes >= 4 << 20 ? configuration.readAhead : 0
        audience = Audience(readAhead: readAhead, pace: configuration.pace)
        let disk = configuration.disk.flatMap { $0.bytes > 0 ? DiskTier($0, metrics: metrics) : nil }
        covers = configuration.resize.map { Covers(originals: originals, disk: disk, metrics: metrics, resize: $0) }
        let scheduler = RenderScheduler<ChunkName>(
            workers: pool.workers, capacity: configuration.queueCapacity, slotsAhead: configuration.slotsAhead,
            isShared: configuration.isShared)
        let render = ChunkRender(originals: originals, pool: pool, cpu: cpu)
        chunks = ChunkStore(
            budget: configuration.cacheBytes, scheduler: scheduler, disk: disk, metrics: metrics, render: render.render)
    }

    /// Processor time the workers have spent on chunks so far.
    public var renderTime: Duration { cpu.total }

    /// Whether listeners need the processor for themselves: a listener's chunk is queued, or the listeners need more than
    /// half of the workers' time.
    public var isPressed: Bool { chunks.isPressed }

    public func map(of original: OriginalHash) async throws(StreamError) -> TrackMap {
        try await maps.map(of: original)
    }

    /// The workers' fingerprint; waits for the first worker after a start.
    public func fingerprint() async throws(StreamError) -> RenderFingerprint {
        do throws(WorkerError) {
            return try await pool.fingerprint()
        } catch {
            throw StreamError(error)
        }
    }

    /// The Stream of `rendition`. Its length, layout and entity tag are known before a sample is encoded.
    ///
    /// - Parameter seconds: of the track's beginning that the Stream leaves out, to the sample; it has a length, a layout and a
    ///   tag of its own, and is made of the same chunks. ``StreamError/notOffered`` if nothing would be left.
    public func stream(
        of original: OriginalHash, in rendition: Rendition, from seconds: Double = 0
    ) async throws(StreamError) -> RenditionStream {
        guard let stream = RenditionStream(try await chunks(of: original, in: rendition), from: seconds) else {
            throw .notOffered
        }
        return stream
    }

    /// The segments of `rendition`. Their number, times and durations are known before a sample is encoded.
    public func segments(
        of original: OriginalHash, in rendition: Rendition
    ) async throws(StreamError) -> SegmentedRendition {
        let chunks = try await chunks(of: original, in: rendition)
        guard chunks.rendering.map.source.hasSegments(of: rendition), let segments = SegmentedRendition(chunks) else {
            throw .notOffered
        }
        return segments
    }

    private func chunks(of original: OriginalHash, in rendition: Rendition) async throws(StreamError) -> RenditionChunks {
        let map = try await maps.map(of: original)
        guard map.offers(rendition), let grid = FrameGrid(rendition, source: map.source, samples: map.samples) else {
            throw .notOffered
        }
        let rendering = Rendering(of: original, map: map, grid: grid, fingerprint: try await fingerprint())
        return RenditionChunks(rendering, store: chunks, audience: audience)
    }

    /// A cover as a JPEG whose longer side has `size` pixels, one of `Picture.Limit.sizes`. Returns nil if the picture is to
    /// be used as it is, because it is not larger or cannot be decoded.
    ///
    /// - Parameter bytes: the picture's size in the store.
    public func cover(_ picture: OriginalHash, bytes: Int, size: Int) async throws(StreamError) -> ByteBuffer? {
        try await covers?.cover(picture, bytes: bytes, size: size)
    }

    /// Forgets an Original or a cover that is about to be removed: the TrackMap, the chunks and the scaled covers, in memory
    /// and on disk.
    public func forget(_ original: OriginalHash) async {
        covers?.forget(original)
        guard let map = try? await map(of: original), let fingerprint = try? await fingerprint() else { return }
        for rendition in map.offeredRungs {
            guard let grid = FrameGrid(rendition, source: map.source, samples: map.samples) else { continue }
            let rendering = Rendering(of: original, map: map, grid: grid, fingerprint: fingerprint)
            chunks.forget((0..<grid.chunkCount).map(rendering.name))
        }
        maps.forget(original)
    }

    /// Ends every render. Streams that are still being read end with ``StreamError/stopped``.
    public func shutdown() async {
        await covers?.shutdown()
        await chunks.shutdown()
    }
}
