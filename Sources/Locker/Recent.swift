/// Rows as they were when the database was last asked, for a second.
struct Recent<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        var value: Value
        var since: ContinuousClock.Instant
    }

    private let lifetime = Duration.seconds(1)
    private let capacity = 4096

    private var entries: [Key: Entry] = [:]
    /// Changes this process has made to the catalogue.
    private(set) var changes = 0

    func value(for key: Key, now: ContinuousClock.Instant) -> Value? {
        guard let entry = entries[key], now - entry.since < lifetime else { return nil }
        return entry.value
    }

    /// Keeps what was read when `changes` was its number; what has changed since is not known.
    mutating func keep(_ value: Value, for key: Key, since: ContinuousClock.Instant, changes: Int) {
        guard changes == self.changes else { return }
        if entries.count >= capacity { entries.removeAll(keepingCapacity: true) }
        entries[key] = Entry(value: value, since: since)
    }

    mutating func change() {
        changes += 1
        entries.removeAll(keepingCapacity: true)
    }
}
