import Synchronization

extension Catalogue {
    /// How often this process has changed the catalogue.
    public var changes: Int { recentTracks.withLock { $0.changes } }

    /// The account's track as it was at most a second ago; what this process changed is seen at once.
    ///
    /// A song is asked for in pieces, and the database costs more than a piece.
    public func recentTrack(id: String, account: Int64) async throws -> Track? {
        let now = ContinuousClock.now
        let (known, changes) = recentTracks.withLock { ($0.value(for: id, now: now), $0.changes) }
        if let known { return known.account == account ? known : nil }
        guard let track = try await track(id: id, account: account) else { return nil }
        recentTracks.withLock { $0.keep(track, for: id, since: now, changes: changes) }
        return track
    }
}
