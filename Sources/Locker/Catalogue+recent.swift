internal import Synchronization

extension Catalogue {
    /// How often this process has changed the catalogue.
    public var changes: Int { recentTracks.changes }

    /// How often this process has removed tracks.
    public var removals: Int { removedTimes.load(ordering: .relaxed) }

    /// The account's track as it was at most a second ago; what this process changed is seen at once.
    ///
    /// A song is asked for in pieces, and the database costs more than a piece.
    public func recentTrack(id: String, account: Int64) async throws -> Track? {
        let found = try await recentTracks.value(for: id) { try await track(id: id, account: account) }
        return found?.account == account ? found : nil
    }
}
