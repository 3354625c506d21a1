import Synchronization

/// Tracks as they were when the database was last asked, for a second.
struct RecentTracks {
    private struct Entry {
        var track: Track
        var since: ContinuousClock.Instant
    }

    private static let lifetime = Duration.seconds(1)
    private static let capacity = 4096

    private var entries: [String: Entry] = [:]
    /// Changes this process has made to the catalogue.
    private(set) var changes = 0

    func track(id: String, now: ContinuousClock.Instant) -> Track? {
        guard let entry = entries[id], now - entry.since < Self.lifetime else { return nil }
        return entry.track
    }

    /// Keeps what was read when `changes` was its number; what has changed since is not known.
    mutating func keep(_ track: Track, since: ContinuousClock.Instant, changes: Int) {
        guard changes == self.changes else { return }
        if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
        entries[track.id] = Entry(track: track, since: since)
    }

    mutating func change() {
        changes += 1
        entries.removeAll(keepingCapacity: true)
    }
}

extension Catalogue {
    /// How often this process has changed the catalogue.
    public var changes: Int { recent.withLock { $0.changes } }

    /// The account's track as it was at most a second ago; what this process changed is seen at once.
    ///
    /// A song is asked for in pieces, and the database costs more than a piece.
    public func recentTrack(id: String, account: Int64) async throws -> Track? {
        let now = ContinuousClock.now
        let (known, changes) = recent.withLock { ($0.track(id: id, now: now), $0.changes) }
        if let known { return known.account == account ? known : nil }
        guard let track = try await track(id: id, account: account) else { return nil }
        recent.withLock { $0.keep(track, since: now, changes: changes) }
        return track
    }
}
