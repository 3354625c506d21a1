internal import Synchronization

extension Catalogue {
    /// How often this process has changed the catalogue, or seen that another did.
    public var changes: Int { changedTimes.load(ordering: .relaxed) }

    /// How often this process has removed tracks, or seen that another did.
    public var removals: Int {
        noteInterest()
        return removedTimes.load(ordering: .relaxed)
    }

    /// The account's track as it was at most a second ago; what this process changed is seen at once.
    ///
    /// A song is asked for in pieces, and the database costs more than a piece.
    public func recentTrack(id: String, account: Int64) async throws -> Track? {
        noteInterest()
        let found = try await recentTracks.value(for: id) { try await track(id: id, account: account) }
        return found?.account == account ? found : nil
    }

    /// Runs a wait for something of a track, and cancels it if the track is removed.
    ///
    /// - Parameter removals: ``removals`` when the track was there.
    public func whileStored(
        _ track: Track, since removals: Int, _ wait: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await removalWatches.run { signals in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await wait() }
                group.addTask { try await self.watch(track, since: removals, signals) }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    /// - Throws: `CancellationError` once the track is removed.
    private func watch(_ track: Track, since removals: Int, _ signals: AsyncStream<Void>) async throws {
        func look() async throws {
            if try await recentTrack(id: track.id, account: track.account) == nil { throw CancellationError() }
        }
        if self.removals != removals { try await look() }
        for await _ in signals { try await look() }
        // Nothing but the end of the task ends the signals.
        throw CancellationError()
    }

    /// Looks for what other processes changed, every half a second while anything that they may change is asked for here, until the task is
    /// cancelled.
    public func followChanges() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(500))
            guard isOfInterest.exchange(false, ordering: .relaxed) else { continue }
            // The next look finds what this one did not.
            do { try await lookForChanges() } catch { noteInterest() }
        }
    }

    /// Takes note of what other processes changed since the last time.
    func lookForChanges() async throws {
        switch try await feed.look(database) {
        case .nothing: break
        case .changes: forget(.other)
        case .removals: forget(.tracksRemoved)
        }
    }

    /// Forgets what is remembered. What is counted comes last: who sees the new count finds nothing old.
    func forget(_ kind: ChangeKind) {
        recentTracks.forget()
        recentHolders.forget()
        changedTimes.add(1, ordering: .relaxed)
        if kind != .other {
            removedTimes.add(1, ordering: .relaxed)
            removalWatches.signal()
        }
    }

    private func noteInterest() {
        // Many threads read this and few write it.
        if !isOfInterest.load(ordering: .relaxed) { isOfInterest.store(true, ordering: .relaxed) }
    }
}
