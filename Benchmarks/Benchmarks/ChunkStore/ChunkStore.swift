import Audio
import Benchmark
import Metrics
import NIOCore
import Yardstick

@testable import Streaming

/// The store alone, its render being a copy: hits, joins and evictions, by one task and by eight at once.
let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, relativeCost], warmupIterations: 2, maxDuration: .milliseconds(700), maxIterations: 40)
    let work = StoreWork()
    for tasks in [1, 8] {
        Benchmark("4,096 hits, \(tasks) at once") { benchmark in
            let store = work.store(budget: 64 << 20)
            for chunk in 0..<64 { try await work.read(chunk, from: store) }
            try await benchmark.compare {
                try await work.inTasks(tasks) { task in
                    for step in 0..<4096 / tasks { try await work.read((step + task) % 64, from: store) }
                }
            }
            await store.shutdown()
        }
        Benchmark("1,024 misses that evict, \(tasks) at once") { benchmark in
            let store = work.store(budget: 4 << 20)
            try await benchmark.compare {
                try await work.inTasks(tasks) { task in
                    for step in 0..<1024 / tasks { try await work.read(step * tasks + task, from: store) }
                }
            }
            await store.shutdown()
        }
    }
    Benchmark("64 chunks, each joined by 16") { benchmark in
        let store = work.store(budget: 64 << 20)
        try await benchmark.compare {
            try await work.inTasks(16) { _ in for chunk in 0..<64 { try await work.read(chunk, from: store) } }
        }
        await store.shutdown()
    }
}

/// Chunks of a track of two hours, and a store whose render is a copy.
private struct StoreWork: Sendable {
    private let rendering: Rendering
    private let frames: [UInt8]

    init() {
        let source = SourceFormat(codec: .flac, sampleRate: 44_100, channels: 2)
        let map = TrackMap(
            container: "flac", source: source, originalBytes: 1, leadIn: 0, samples: 44_100 * 7200, packets: PacketTable(),
            usesPacketFile: false)
        guard let rung = Rendition(named: "mp3-128"), let grid = FrameGrid(rung, source: source, samples: map.samples),
            let original = OriginalHash(bytes: [UInt8](repeating: 7, count: 32))
        else { fatalError("mp3-128 has a grid") }
        rendering = Rendering(of: original, map: map, grid: grid, fingerprint: RenderFingerprint(value: 1, libraries: ""))
        frames = [UInt8](repeating: 1, count: grid.byteCount(ofChunk: 1))
    }

    func store(budget: Int) -> ChunkStore {
        let scheduler = RenderScheduler<ChunkName>(workers: 2, capacity: 4096)
        return ChunkStore(budget: budget, scheduler: scheduler, metrics: NOOPMetricsHandler.instance) {
            [frames] (request, emit) throws(StreamError) in
            emit(Array(frames.prefix(request.byteCount)))
        }
    }

    func read(_ chunk: Int, from store: ChunkStore) async throws {
        let lease = try store.lease(ChunkRequest(rendering, chunk), Demand(deadline: .now))
        switch lease.content {
        case .frames(let frames): blackHole(frames.readableBytes)
        case .flight(let flight): try await flight.wait(beyond: .max)
        case .place: break
        }
    }

    func inTasks(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for task in 0..<count { tasks.addTask { try await body(task) } }
            try await tasks.waitForAll()
        }
    }
}
