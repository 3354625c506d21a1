internal import Synchronization

/// Remembers where pages of lists ended, so that a client that reads a list page by page finds the next without walking past
/// those before it, however far it is.
final class KnownPlaces: Sendable {
    private struct State {
        var changes = 0
        /// By list, and by the number of rows up to the key's.
        var lists: [String: [Int: Listing.Key]] = [:]
    }

    private static let mostLists = 256
    private static let mostPlaces = 512
    private let state = Mutex(State())

    /// Changes whenever everything is forgotten.
    var changes: Int { state.withLock { $0.changes } }

    /// The last known place that is not behind `place`, and the key of the row before it; nil if none is known.
    func nearest(to place: Int, in list: String) -> (place: Int, key: Listing.Key)? {
        state.withLock { state in
            guard let places = state.lists[list] else { return nil }
            if let key = places[place] { return (place, key) }
            return places.keys.filter { $0 < place }.max().flatMap { near in places[near].map { (near, $0) } }
        }
    }

    /// Remembers the key of the row before `place`, unless something changed since the list was read.
    ///
    /// - Parameter changes: the value of ``changes`` before that.
    func note(_ key: Listing.Key, before place: Int, in list: String, since changes: Int) {
        state.withLock { state in
            guard state.changes == changes else { return }
            if state.lists.count >= Self.mostLists, state.lists[list] == nil { state.lists = [:] }
            if state.lists[list]?.count ?? 0 >= Self.mostPlaces { state.lists[list] = [:] }
            state.lists[list, default: [:]][place] = key
        }
    }

    func forget() {
        state.withLock { state in
            state.changes += 1
            state.lists = [:]
        }
    }
}
