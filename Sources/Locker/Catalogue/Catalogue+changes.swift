internal import Synchronization

extension Catalogue {
    /// How often this process has changed the catalogue, or seen that another did.
    public var changes: Int { changedTimes.load(ordering: .relaxed) }

    /// How often this process has removed tracks, or seen that another did.
    public var removals: Int {
        noteInterest()
        return removedTimes.load(ordering: .relaxed)
    }

    /// The account's track as it was at most a second ago. Changes that this process made are seen at once.
    ///
    /// A client fetches a song in pieces, and asking the database costs more than a piece.
    public func recentTrack(id: String, account: Int64) async throws -> Track? {
        noteInterest()
        let found = try await recentTracks.value(for: id) { try await track(id: id, account: account) }
        return found?.account == account ? found : nil
    }

    /// Whether the track is there, and offered by a share, as of at most a second ago.
    ///
    /// - Parameter share: nil if the track is not played by a share's link.
    public func isStored(_ track: Track, sharedBy share: String? = nil) async throws -> Bool {
        guard try await recentTrack(id: track.id, account: track.account) != nil else { return false }
        guard let share else { return true }
        return try await isShared(track.id, by: share, account: track.account)
    }

    /// Runs `wait`, which waits for something of a track, and cancels it when the track is removed, or the share that it is
    /// played by.
    ///
    /// - Parameter removals: the value of ``removals`` when the track was read.
    public func whileStored(
        _ track: Track, sharedBy share: String? = nil, since removals: Int,
        _ wait: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await removalWatches.run { signals in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await wait() }
                group.addTask { try await self.watch(track, share, since: removals, signals) }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    /// - Throws: `CancellationError` once the track or the share is removed.
    private func watch(
        _ track: Track, _ share: String?, since removals: Int, _ signals: AsyncStream<Void>
    ) async throws {
        func look() async throws {
            guard try await isStored(track, sharedBy: share) else { throw CancellationError() }
        }
        if self.removals != removals { try await look() }
        for await _ in signals { try await look() }
        // Only the end of the task ends the signals.
        throw CancellationError()
    }

    /// Calls `tell` with the subjects of the account's changes from now on, whichever process makes them: within half a second
    /// while ``followChanges()`` runs, and once for all that are seen together. It ends when the watch is released.
    ///
    /// - Parameter tell: must not block. It may also be called for a change shortly before.
    public func watchChanges(
        of account: Int64, tell: @escaping @Sendable (ChangeSubjects) -> Void
    ) async throws -> AccountWatch {
        // What changed until now is no news.
        try await lookForChanges()
        return accountWatches.begin(account, tell)
    }

    /// Looks for changes every half second, if a caller waits for them, or if anything that other processes may change was
    /// asked for since the last look. Returns when the task is cancelled.
    public func followChanges() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(500))
            guard isOfInterest.exchange(false, ordering: .relaxed) || !accountWatches.isEmpty else { continue }
            // The next look finds what this one did not.
            do { try await lookForChanges() } catch { noteInterest() }
        }
    }

    /// Takes note of the changes that were made since the last look, and tells those who wait for them.
    func lookForChanges() async throws {
        let news = try await feed.look(database)
        if news.memory == .removed { smartLists.forget(account: nil) }
        if !news.everybody.isEmpty { smartLists.note(news.everybody, of: nil) }
        for (account, subjects) in news.accounts { smartLists.note(subjects, of: account) }
        switch news.memory {
        case .right: break
        case .changed: forget(.other)
        case .removed: forget(.tracksRemoved)
        }
        // A change that this process made may be seen here before its call returns.
        if news.endsCredentials { forgetCredentials() }
        if news.everybody.contains(.erased) { tellErased(nil) }
        for (account, subjects) in news.accounts where subjects.contains(.erased) { tellErased(account) }
        accountWatches.tell(news)
    }

    /// Forgets everything that is remembered. The counts change last, so that a caller that sees a new count finds nothing
    /// old.
    func forget(_ kind: ChangeKind) {
        recentTracks.forget()
        forgetCredentials()
        knownPlaces.forget()
        knownLoudness.forget()
        recentShares.forget()
        changedTimes.add(1, ordering: .relaxed)
        if kind != .other {
            removedTimes.add(1, ordering: .relaxed)
            removalWatches.signal()
        }
    }

    private func forgetCredentials() {
        recentHolders.forget()
        recentAppLogins.forget()
        recentAppPasswords.forget()
    }

    /// Calls `tell` with each account whose taste or history is erased from now on, once that is done; with nil if it may be any account's.
    /// What other processes erase is seen when ``followChanges()`` looks: see ``noteInterest()``.
    ///
    /// - Parameter tell: must not block.
    public func watchErasures(_ tell: @escaping @Sendable (_ account: Int64?) -> Void) {
        erasureWatches.withLock { $0.append(tell) }
    }

    func tellErased(_ account: Int64?) { for tell in erasureWatches.withLock({ $0 }) { tell(account) } }

    /// Has ``followChanges()`` look for changes that other processes made.
    public func noteInterest() {
        // Many threads read this and few write it.
        if !isOfInterest.load(ordering: .relaxed) { isOfInterest.store(true, ordering: .relaxed) }
    }
}
