import Audio
import Foundation
import Metrics
import MetricsTestKit
import NIOCore
import Synchronization
import Testing

@testable import Streaming

/// A render under a test's control: it waits until it is told what to do.
private final class Renders: Sendable {
    private struct State {
        var started: [Int] = []
        var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
        var verdicts: [Int: Bool] = [:]
        var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var started: [Int] { state.withLock { $0.started } }

    func render(_ chunk: Int) async -> Bool {
        await withCheckedContinuation { continuation in
            let (verdict, watchers) = state.withLock { state in
                state.started.append(chunk)
                let due = state.watchers.filter { $0.count <= state.started.count }
                state.watchers.removeAll { $0.count <= state.started.count }
                if let verdict = state.verdicts.removeValue(forKey: chunk) { return (Optional(verdict), due) }
                state.waiting[chunk] = continuation
                return (nil, due)
            }
            if let verdict { continuation.resume(returning: verdict) }
            for watcher in watchers { watcher.continuation.resume() }
        }
    }

    func end(_ chunk: Int, well: Bool = true) {
        state.withLock { state in
            let waiting = state.waiting.removeValue(forKey: chunk)
            if waiting == nil { state.verdicts[chunk] = well }
            return waiting
        }?.resume(returning: well)
    }

    func started(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isDue = state.withLock { state in
                if state.started.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isDue { continuation.resume() }
        }
    }
}

@Suite("The chunk store") struct ChunkStoreTests {
    private let renders = Renders()
    private let map: TrackMap
    private let grid: FrameGrid

    init() throws {
        let source = SourceFormat(codec: .flac, sampleRate: 44_100, channels: 2)
        map = TrackMap(
            container: "flac", source: source, originalBytes: 1, leadIn: 0, samples: 44_100 * 60, packets: PacketTable(),
            usesPacketFile: false)
        let rendition = try #require(Rendition(named: "mp3-128"))
        grid = try #require(FrameGrid(rendition, source: source, samples: map.samples))
    }

    /// One worker, and so two slots.
    private func store(
        budget: Int = 1 << 20, capacity: Int = 16, disk: DiskTier? = nil,
        metrics: any MetricsFactory = NOOPMetricsHandler.instance
    ) -> ChunkStore {
        let scheduler = RenderScheduler<ChunkName>(workers: 1, capacity: capacity)
        return ChunkStore(budget: budget, scheduler: scheduler, disk: disk, metrics: metrics) {
            [renders] (request, emit) throws(StreamError) in
            emit([UInt8(request.index)])
            guard await renders.render(request.index) else { throw .renderFailed("as told") }
            emit([0xFF])
        }
    }

    private func request(_ chunk: Int) throws -> ChunkRequest {
        let original = try #require(OriginalHash(bytes: Array(repeating: 7, count: 32)))
        let fingerprint = RenderFingerprint(value: 1, libraries: "")
        return ChunkRequest(Rendering(of: original, map: map, grid: grid, fingerprint: fingerprint), chunk)
    }

    private func flight(_ lease: ChunkLease) throws -> ChunkFlight {
        guard case .flight(let flight) = lease.content else { throw StreamError.missing }
        return flight
    }

    private func wholeChunk(_ lease: ChunkLease) async throws -> [UInt8] {
        switch lease.content {
        case .frames(let frames): return Array(frames.readableBytesView)
        case .flight(let flight):
            try await flight.wait(beyond: 1)
            return try flight.frames { $0.withUnsafeBytes { Array($0) } }.value
        case .place: return []
        }
    }

    @Test("Many readers cause one render")
    func manyReadersCauseOneRender() async throws {
        let store = store()
        let bodies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<200 {
                let lease = try store.lease(try request(3), Demand(deadline: .now))
                group.addTask { try await wholeChunk(lease) }
            }
            await renders.started(1)
            renders.end(3)
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(bodies == Array(repeating: [3, 0xFF], count: 200))
        #expect(renders.started == [3])
        let cached = try store.lease(try request(3), Demand(deadline: .now))
        #expect(try await wholeChunk(cached) == [3, 0xFF])
        #expect(renders.started == [3])
    }

    @Test("Readers follow a chunk while it is rendered")
    func readersFollowAChunkInFlight() async throws {
        let store = store()
        let flight = try flight(try store.lease(try request(5), Demand(deadline: .now)))
        try await flight.wait(beyond: 0)
        let early = try flight.frames { $0.byteCount }
        #expect(early.count == 1)
        renders.end(5)
        try await flight.wait(beyond: 1)
        #expect(try flight.frames { $0.byteCount }.count == 2)
    }

    @Test("The departure of the first reader cancels nothing")
    func theLeaderLeavingCancelsNothing() async throws {
        let store = store()
        var leader: ChunkLease? = try store.lease(try request(1), Demand(deadline: .now))
        let follower = try store.lease(try request(1), Demand(deadline: .now))
        await renders.started(1)
        #expect(leader != nil)
        leader = nil
        renders.end(1)
        #expect(try await wholeChunk(follower) == [1, 0xFF])
    }

    @Test("A queued chunk without waiters is never rendered")
    func aQueuedChunkWithoutWaitersIsNeverRendered() async throws {
        let store = store()
        let running = try [0, 1].map { try store.lease(try request($0), Demand(deadline: .now)) }
        await renders.started(2)
        var abandoned: ChunkLease? = try store.lease(try request(2), Demand(deadline: .now))
        #expect(abandoned != nil)
        abandoned = nil
        let next = try store.lease(try request(3), Demand(deadline: .now))
        renders.end(0)
        await renders.started(3)
        for chunk in [1, 3] { renders.end(chunk) }
        for lease in running + [next] { _ = try await wholeChunk(lease) }
        #expect(renders.started == [0, 1, 3])
    }

    @Test("A cancelled reader stops waiting")
    func aCancelledReaderStopsWaiting() async throws {
        let store = store()
        let flight = try flight(try store.lease(try request(0), Demand(deadline: .now)))
        await renders.started(1)
        let reader = Task { try await flight.wait(beyond: 1) }
        reader.cancel()
        await #expect(throws: CancellationError.self) { try await reader.value }
        renders.end(0)
    }

    @Test("Failures are reported and never kept")
    func failuresAreToldAndNeverKept() async throws {
        let store = store()
        let flight = try flight(try store.lease(try request(0), Demand(deadline: .now)))
        renders.end(0, well: false)
        try await flight.wait(beyond: 1)
        #expect(throws: StreamError.renderFailed("as told")) { try flight.frames { $0.byteCount } }
        let again = try store.lease(try request(0), Demand(deadline: .now))
        renders.end(0)
        #expect(try await wholeChunk(again) == [0, 0xFF])
        #expect(renders.started == [0, 0])
    }

    @Test("The budget holds, and evicted chunks are rendered again")
    func theBudgetHoldsAndEvictedChunksAreRenderedAgain() async throws {
        let store = store(budget: 600)
        for chunk in [0, 1, 2, 0] {
            renders.end(chunk)
            let lease = try store.lease(try request(chunk), Demand(deadline: .now))
            #expect(try await wholeChunk(lease) == [UInt8(chunk), 0xFF])
        }
        await store.shutdown()
        #expect(renders.started == [0, 1, 2, 0])
        #expect(store.weight <= 600)
    }

    @Test("A full queue is busy for a new listener")
    func aFullQueueIsBusyForWhoIsNew() async throws {
        let store = store(capacity: 2)
        let held = try (0..<4).map { try store.lease(try request($0), Demand(deadline: .now)) }
        let track = try request(9).rendering.original
        let playback = Playback(listener: Listener(account: "a", credential: "b"), track: track)
        let new = Demand(deadline: .now, playback: playback, standing: .new)
        #expect(throws: StreamError.busy) { try store.lease(try request(9), new) }
        #expect(throws: Never.self) { try store.lease(try request(3), new) }
        #expect(held.count == 4)
        for chunk in 0..<4 { renders.end(chunk) }
    }

    @Test("A chunk that is read ahead holds a place and no bytes")
    func readAheadHoldsAPlaceAndNoBytes() async throws {
        let store = store()
        let place = try store.lease(try request(0), Demand(deadline: .now + .seconds(1), urgency: .readAhead))
        guard case .place = place.content else {
            Issue.record("read-ahead got more than a place")
            return
        }
        renders.end(0)
        await renders.started(1)
        let reader = try store.lease(try request(0), Demand(deadline: .now))
        #expect(try await wholeChunk(reader) == [0, 0xFF])
        #expect(renders.started == [0])
    }

    @Test("A restarted store loads a chunk that an earlier one rendered, once")
    func aRestartedStoreLoadsOnceWhatAnotherRendered() async throws {
        let folder = CacheFolder()
        let first = store(disk: await folder.open(bytes: 1 << 20))
        renders.end(4)
        _ = try await wholeChunk(try first.lease(try request(4), Demand(deadline: .now)))
        await first.shutdown()

        let metrics = TestMetrics()
        let second = store(disk: await folder.open(bytes: 1 << 20), metrics: metrics)
        let bodies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<50 {
                let lease = try second.lease(try request(4), Demand(deadline: .now))
                group.addTask { try await wholeChunk(lease) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(bodies == Array(repeating: [4, 0xFF], count: 50))
        #expect(renders.started == [4])
        let counts = try ["hit", "join", "miss"].map { result in
            try metrics.expectCounter("sweetspot_chunk_requests_total", [("result", result)]).totalValue
        }
        #expect(counts[0] >= 1 && counts[0] + counts[1] == 50 && counts[2] == 0)
        await second.shutdown()
    }

    @Test("A damaged file is rendered again for all readers that wait")
    func aDamagedFileIsRenderedAgainForAllWhoWait() async throws {
        let folder = CacheFolder()
        let first = store(disk: await folder.open(bytes: 1 << 20))
        for chunk in [4, 5] {
            renders.end(chunk)
            _ = try await wholeChunk(try first.lease(try request(chunk), Demand(deadline: .now)))
        }
        await first.shutdown()
        for file in folder.files { try Data("not a chunk".utf8).write(to: URL(filePath: "\(folder.path)/\(file)")) }

        let disk = await folder.open(bytes: 1 << 20)
        let second = store(disk: disk)
        renders.end(4)
        let leases = try (0..<5).map { _ in try second.lease(try request(4), Demand(deadline: .now)) }
        for lease in leases { #expect(try await wholeChunk(lease) == [4, 0xFF]) }
        #expect(renders.started == [4, 5, 4])
        // Who left while it was loaded is not rendered for.
        var place: ChunkLease? = try second.lease(try request(5), Demand(deadline: .now, urgency: .readAhead))
        #expect(place != nil)
        place = nil
        renders.end(5)
        _ = try await wholeChunk(try second.lease(try request(5), Demand(deadline: .now)))
        await second.shutdown()
        #expect(folder.files.count == 2)
    }

    @Test("Without memory the disk serves")
    func withoutMemoryTheDiskServes() async throws {
        let folder = CacheFolder()
        let disk = await folder.open(bytes: 1 << 20)
        let store = store(budget: 0, disk: disk)
        renders.end(4)
        for _ in 0..<3 {
            #expect(try await wholeChunk(try store.lease(try request(4), Demand(deadline: .now))) == [4, 0xFF])
            await store.rendersEnd()
            await disk.flush()
        }
        #expect(renders.started == [4])
        await store.shutdown()
    }
}
