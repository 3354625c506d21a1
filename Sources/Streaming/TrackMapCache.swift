import Audio
import Originals
import Synchronization

/// The most recently used TrackMaps, by Original, within a byte budget.
final class TrackMapCache: Sendable {
    private let maps: Mutex<WeightedLRU<OriginalHash, TrackMap>>
    private let originals: any OriginalStore

    init(originals: any OriginalStore, budget: Int) {
        self.originals = originals
        maps = Mutex(WeightedLRU(budget: budget))
    }

    func map(of original: OriginalHash) async throws(StreamError) -> TrackMap {
        if let map = maps.withLock({ $0.value(forKey: original) }) { return map }
        let map: TrackMap
        do throws(OriginalError) {
            map = try await originals.trackMap(of: original)
        } catch {
            throw StreamError(error)
        }
        maps.withLock { $0.insert(map, forKey: original, weight: map.memoryFootprint) }
        return map
    }

    func forget(_ original: OriginalHash) { maps.withLock { $0.remove(original) } }
}

extension StreamError {
    init(_ error: OriginalError) {
        self =
            switch error {
            case .missing: .missing
            case .damaged(let reason), .unreachable(let reason): .unreachable(reason)
            }
    }
}
