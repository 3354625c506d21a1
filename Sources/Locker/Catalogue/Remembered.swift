internal import Synchronization

/// Values that are remembered until something changes.
final class Remembered<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct State {
        var changes = 0
        var values: [Key: Value] = [:]
    }

    private let most: Int
    private let state = Mutex(State())

    /// - Parameter most: values that are remembered.
    init(most: Int) { self.most = most }

    /// Changes whenever everything is forgotten.
    var changes: Int { state.withLock { $0.changes } }

    subscript(key: Key) -> Value? { state.withLock { $0.values[key] } }

    /// Remembers a value, unless something changed since it was read.
    ///
    /// - Parameter changes: the value of ``changes`` before that.
    func note(_ value: Value, for key: Key, since changes: Int) {
        state.withLock { state in
            guard state.changes == changes else { return }
            if state.values.count >= most { state.values = [:] }
            state.values[key] = value
        }
    }

    func forget() {
        state.withLock { state in
            state.changes += 1
            state.values = [:]
        }
    }
}
