import Audio
import CodecProcess
import Metrics
import NIOCore
import Originals
import Synchronization

/// Scaled covers: from memory, from the disk tier, or by one resize process shared by all concurrent requests for the same cover.
///
/// If a cover is not larger than requested, or cannot be decoded, this is remembered, and it is used unscaled. Other failures are
/// not kept.
final class Covers: Sendable {
    private typealias Outcome = Result<ByteBuffer, StreamError>

    private struct State: ~Copyable {
        /// An empty buffer marks a cover that is used unscaled.
        var cache = WeightedLRU<ChunkName, ByteBuffer>(budget: Covers.budget)
        var flights: [ChunkName: Task<Outcome, Never>] = [:]
        var isStopped = false
    }

    /// Bytes kept in memory.
    private static let budget = 16 << 20
    /// Covers that may be in progress at once. One takes some 40 ms.
    private static let mostFlights = 256

    private let originals: any OriginalStore
    private let disk: DiskTier?
    private let resize: StreamEngine.Configuration.Resize
    /// Half of the processors: sound comes before pictures.
    private let slots = ProcessSlots(max(1, System.coreCount / 2))
    private let state = Mutex(State())
    private let requests: [String: Counter]

    init(
        originals: any OriginalStore, disk: DiskTier?, metrics: any MetricsFactory,
        resize: @escaping StreamEngine.Configuration.Resize
    ) {
        self.originals = originals
        self.disk = disk
        self.resize = resize
        requests = Dictionary(
            uniqueKeysWithValues: ["hit", "join", "miss"].map { result in
                let label = "sweetspot_cover_requests_total"
                return (result, Counter(label: label, dimensions: [("result", result)], factory: metrics))
            })
    }

    /// A JPEG of the picture whose longer side has `size` pixels; nil if the picture is to be used as it is.
    ///
    /// - Parameter bytes: the picture's size.
    func cover(_ picture: OriginalHash, bytes: Int, size: Int) async throws(StreamError) -> ByteBuffer? {
        let name = ChunkName(cover: picture).advanced(by: size)
        let cover =
            switch find(picture, name, bytes, size) {
            case .kept(let cover): cover
            case .flight(let flight): try await flight.value.get()
            case .refused(let error): throw error
            }
        return cover.readableBytes > 0 ? cover : nil
    }

    private enum Found {
        case kept(ByteBuffer)
        case flight(Task<Outcome, Never>)
        case refused(StreamError)
    }

    private func find(_ picture: OriginalHash, _ name: ChunkName, _ bytes: Int, _ size: Int) -> Found {
        state.withLock { state in
            if let cover = state.cache.value(forKey: name) {
                requests["hit"]?.increment()
                return .kept(cover)
            }
            if let flight = state.flights[name] {
                requests["join"]?.increment()
                return .flight(flight)
            }
            if state.isStopped { return .refused(.stopped) }
            guard state.flights.count < Self.mostFlights else { return .refused(.busy) }
            let flight = Task {
                let outcome = await self.load(picture, name, bytes, size)
                self.state.withLock { state in
                    if case .success(let cover) = outcome {
                        state.cache.insert(cover, forKey: name, weight: cover.storageCapacity + ChunkStore.entryOverhead)
                    }
                    state.flights[name] = nil
                }
                return outcome
            }
            state.flights[name] = flight
            return .flight(flight)
        }
    }

    private func load(_ picture: OriginalHash, _ name: ChunkName, _ bytes: Int, _ size: Int) async -> Outcome {
        if let disk, disk.contains(name), let cover = await disk.load(name) {
            requests["hit"]?.increment()
            return .success(ByteBuffer(bytes: cover))
        }
        requests["miss"]?.increment()
        // A picture that breaks its decoder does so at every size, so it is tried once.
        let verdict = ChunkName(cover: picture)
        if isUndecodable(verdict) { return .success(ByteBuffer()) }
        do {
            let cover = try await slots.withSlot { try await make(picture, bytes, size) }
            if let cover { disk?.store(cover, as: name) }
            return .success(cover ?? ByteBuffer())
        } catch let error as OriginalError {
            return .failure(StreamError(error))
        } catch let error as WorkerError {
            return .failure(StreamError(error))
        } catch is Refusal {
            state.withLock { $0.cache.insert(ByteBuffer(), forKey: verdict, weight: ChunkStore.entryOverhead) }
            disk?.store(ByteBuffer(), as: verdict)
            return .success(ByteBuffer())
        } catch {
            return .failure(.stopped)
        }
    }

    private func isUndecodable(_ verdict: ChunkName) -> Bool {
        state.withLock { $0.cache.value(forKey: verdict) != nil } || disk?.contains(verdict) ?? false
    }

    private func make(_ picture: OriginalHash, _ bytes: Int, _ size: Int) async throws -> ByteBuffer? {
        let original = try await originals.read(0..<bytes, of: .original, original: picture)
        guard let header = Picture(header: original), max(header.width, header.height) > size else { return nil }
        return ByteBuffer(bytes: try await resize(original, size))
    }

    /// Removes all sizes of a picture from memory and disk, and ends resizes of it under way.
    func forget(_ picture: OriginalHash) {
        let names = (0...Picture.Limit.sizes.upperBound).map(ChunkName(cover: picture).advanced)
        state.withLock { state in
            for name in names {
                state.cache.remove(name)
                state.flights[name]?.cancel()
            }
        }
        for name in names { disk?.remove(name) }
    }

    /// Ends all resizes under way, and waits for them.
    func shutdown() async {
        let flights = state.withLock { state in
            state.isStopped = true
            return Array(state.flights.values)
        }
        for flight in flights { flight.cancel() }
        for flight in flights { _ = await flight.value }
    }
}
