import Audio
import Metrics
import NIOCore
import Synchronization

/// The one place chunks come from: memory, a flight that is already under way, the disk, or a new render.
///
/// Single flight: any number of requests for a chunk cause one render, or one load. The request that caused it may be
/// dropped: a render that has begun runs to its end, and its bytes are kept. Failures are never kept. The bytes kept never
/// exceed the budget.
final class ChunkStore: Sendable {
    /// Renders one chunk into a flight.
    typealias Render =
        @Sendable (
            _ chunk: ChunkRequest, _ emit: @escaping @Sendable ([UInt8]) -> Void
        ) async throws(StreamError) -> Void

    private struct State: ~Copyable {
        var cache: WeightedLRU<ChunkName, ByteBuffer>
        var scheduler: RenderScheduler<ChunkName>
        var flights: [ChunkName: (flight: ChunkFlight, request: ChunkRequest)] = [:]
        var renders: [ChunkName: Task<Void, Never>] = [:]
        var isStopped = false
    }

    /// Bytes an entry costs besides the allocation of its frames, which NIO rounds up to a power of two: dictionary slots,
    /// list node and buffer header.
    static let entryOverhead = 256

    private let state: Mutex<State>
    private let disk: DiskTier?
    private let render: Render
    private let hits: Counter
    private let joins: Counter
    private let misses: Counter
    private let durations: [Ladder: Recorder]

    /// - Parameters:
    ///   - budget: bytes of chunks kept in memory.
    ///   - disk: keeps rendered chunks too; the store shuts it down.
    init(
        budget: Int, scheduler: consuming RenderScheduler<ChunkName>, disk: DiskTier? = nil, metrics: any MetricsFactory,
        render: @escaping Render
    ) {
        self.disk = disk
        state = Mutex(State(cache: WeightedLRU(budget: budget), scheduler: scheduler))
        self.render = render
        func requests(_ result: String) -> Counter {
            Counter(label: "sweetspot_chunk_requests_total", dimensions: [("result", result)], factory: metrics)
        }
        hits = requests("hit")
        joins = requests("join")
        misses = requests("miss")
        durations = Dictionary(
            uniqueKeysWithValues: Ladder.allCases.map { ladder in
                let codec = [("codec", ladder.rawValue)]
                let label = "sweetspot_chunk_render_seconds"
                return (ladder, Recorder(label: label, dimensions: codec, aggregate: true, factory: metrics))
            })
    }

    /// Bytes kept now, entries' overhead included.
    var weight: Int { state.withLock { $0.cache.weight } }

    /// Whether listeners need the processor for themselves: see ``RenderScheduler/isPressed(now:)``.
    var isPressed: Bool { state.withLock { $0.scheduler.isPressed(now: .now) } }

    /// A lease on the chunk. Dropping the lease gives up the wait.
    ///
    /// A demand that no listener waits for (read-ahead, warming) gets a lease that only keeps the chunk's place in the
    /// queue: once rendered, the bytes belong to the cache alone, so that a slow client costs no memory.
    ///
    /// - Throws: ``StreamError/busy`` if too many listeners are there already for a new one, if the queue is full and a
    ///   known listener waits for several chunks in it, or if the queue is full and no listener waits for the chunk;
    ///   ``StreamError/stopped`` after ``shutdown()``, unless memory holds the chunk.
    func lease(_ request: ChunkRequest, _ demand: Demand) throws(StreamError) -> ChunkLease {
        let name = request.name
        let isPlace = demand.urgency != .listening
        let result: Result<ChunkLease, StreamError> = state.withLock { state in
            let now = ContinuousClock.now
            if let frames = state.cache.value(forKey: name) {
                hits.increment()
                state.scheduler.found(demand, now: now)
                return .success(ChunkLease(isPlace ? .place : .frames(frames)))
            }
            if state.isStopped { return .failure(.stopped) }
            let isStored = state.flights[name] == nil && disk?.contains(name) == true
            let ticket: RenderScheduler<ChunkName>.Ticket
            switch state.scheduler.request(name, demand, isHeld: isStored, now: now) {
            case .busy:
                return .failure(.busy)
            case .join(let joined):
                joins.increment()
                ticket = joined
            case .lead(let new):
                let flight = ChunkFlight(byteCount: request.byteCount)
                state.flights[name] = (flight, request)
                ticket = new
                if isStored {
                    state.renders[name] = Task { await self.load(request, into: flight) }
                } else {
                    misses.increment()
                }
            }
            guard let flight = state.flights[name]?.flight else { return .failure(.busy) }
            startRenders(&state)
            let content: ChunkLease.Content = isPlace ? .place : .flight(flight)
            return .success(ChunkLease(content) { [weak self] in self?.leave(name, ticket) })
        }
        return try result.get()
    }

    /// The frames of all of `names`, which then count as hits. Returns nil if memory lacks any of them.
    func kept(_ names: [ChunkName]) -> [ByteBuffer]? {
        state.withLock { state in
            guard names.allSatisfy({ state.cache.weight(forKey: $0) != nil }) else { return nil }
            hits.increment(by: Int64(names.count))
            return names.compactMap { state.cache.value(forKey: $0) }
        }
    }

    /// Notes that a listener got the `count` chunks it requested from memory, as ``lease(_:_:)`` does for one.
    ///
    /// - Parameter demand: for the first of them.
    func found(_ demand: Demand, count: Int) {
        state.withLock { $0.scheduler.found(demand, count: count, now: .now) }
    }

    /// Removes chunks from memory and disk. A chunk that is being rendered is still kept when its render ends.
    func forget(_ names: [ChunkName]) {
        state.withLock { state in
            for name in names { state.cache.remove(name) }
        }
        for name in names { disk?.remove(name) }
    }

    /// Refuses further requests, cancels the renders and loads under way, waits for them, and shuts down the disk tier.
    func shutdown() async {
        let renders = state.withLock { state in
            state.isStopped = true
            return Array(state.renders.values)
        }
        for render in renders { render.cancel() }
        for render in renders { await render.value }
        await disk?.shutdown()
    }

    /// Waits for the renders and loads that are under way now.
    func rendersEnd() async {
        for render in state.withLock({ Array($0.renders.values) }) { await render.value }
    }

    private func load(_ request: ChunkRequest, into flight: ChunkFlight) async {
        let name = request.name
        if let frames = await disk?.load(name) {
            hits.increment()
            flight.append(frames)
            complete(request, flight, .success(()), isNew: false)
            return
        }
        misses.increment()
        let dropped = state.withLock { state -> ChunkFlight? in
            state.renders[name] = nil
            if !state.isStopped, state.scheduler.release(name) {
                startRenders(&state)
                return nil
            }
            state.scheduler.finish(name, now: .now)
            return state.flights.removeValue(forKey: name)?.flight
        }
        dropped?.finish(.failure(.stopped))
    }

    private func leave(_ name: ChunkName, _ ticket: RenderScheduler<ChunkName>.Ticket) {
        let dropped = state.withLock { state in
            state.scheduler.leave(name, ticket: ticket) ? state.flights.removeValue(forKey: name)?.flight : nil
        }
        dropped?.finish(.failure(.stopped))
    }

    private func startRenders(_ state: inout State) {
        while let name = state.scheduler.startNext(now: .now) {
            guard let (flight, request) = state.flights[name] else {
                state.scheduler.finish(name, now: .now)
                continue
            }
            state.renders[name] = Task { await self.run(request, into: flight) }
        }
    }

    private func run(_ request: ChunkRequest, into flight: ChunkFlight) async {
        let start = ContinuousClock.now
        let outcome: Result<Void, StreamError>
        do throws(StreamError) {
            try await render(request) { flight.append($0) }
            outcome = .success(())
        } catch {
            outcome = .failure(error)
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        durations[request.rendering.grid.rendition.ladder]?.record(seconds)
        complete(request, flight, outcome, isNew: true)
    }

    /// - Parameter isNew: whether the chunk was rendered, so that the disk does not have it.
    private func complete(
        _ request: ChunkRequest, _ flight: ChunkFlight, _ outcome: Result<Void, StreamError>, isNew: Bool
    ) {
        let name = request.name
        let frames = ByteBuffer(bytes: flight.finish(outcome))
        // Before the render counts as over, so that a shutdown, which waits for renders, still stores the chunk.
        if isNew, case .success = outcome, let disk { disk.store(frames, as: name) }
        state.withLock { state in
            if case .success = outcome {
                state.cache.insert(frames, forKey: name, weight: frames.storageCapacity + Self.entryOverhead)
            }
            state.scheduler.finish(name, now: .now)
            state.flights[name] = nil
            state.renders[name] = nil
            if state.isStopped {
                for (flight, _) in state.flights.values { flight.finish(.failure(.stopped)) }
            } else {
                startRenders(&state)
            }
        }
    }
}
