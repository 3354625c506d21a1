import Synchronization

/// Remembers rows for a second after they were read.
final class Recent<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        var value: Value
        var since: ContinuousClock.Instant
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        /// How often everything was forgotten.
        var changes = 0
    }

    private let lifetime = Duration.seconds(1)
    private let capacity = 4096
    private let state = Mutex(State())

    /// The value that is remembered for `key`, else the one that `read` finds, which is remembered unless something changed
    /// meanwhile.
    func value(for key: Key, read: () async throws -> Value?) async rethrows -> Value? {
        let start = ContinuousClock.now
        let (known, changes) = state.withLock { ($0.entries[key], $0.changes) }
        if let known, start - known.since < lifetime { return known.value }
        guard let value = try await read() else { return nil }
        state.withLock { state in
            guard changes == state.changes else { return }
            if state.entries.count >= capacity { state.entries.removeAll(keepingCapacity: true) }
            state.entries[key] = Entry(value: value, since: start)
        }
        return value
    }

    func forget() {
        state.withLock { state in
            state.changes += 1
            state.entries.removeAll(keepingCapacity: true)
        }
    }
}
