internal import Audio
internal import Locker
internal import Logging
internal import NIOPosix
internal import Originals

/// Files first, row second: how files enter and leave the store. No transaction of the catalogue waits for a file.
extension Intake {
    /// The Original was removed between being found and being announced.
    struct Vanished: Error {}

    /// Time limits for the store.
    struct Times: Sendable {
        /// For one batch of removals. Shorter than ``Catalogue/removalLease``, after which other processes consider them
        /// over.
        var removal = Duration.seconds(20)
        /// For another process's removal.
        var patience = Catalogue.removalLease
    }

    /// The most attempts at a put whose announcement ends before its row is written.
    private static let attempts = 3
    /// Originals and pictures that are removed together.
    private static let batch = 100

    /// Puts files into the store, then has `row` write the row that refers to them; or leaves neither.
    ///
    /// The files are announced first, so that no process removes them before the row is written. If a process dies in
    /// between, it leaves files without a row, which ``reclaim(releasedBefore:forget:)`` finds once the announcement has
    /// ended.
    ///
    /// - Parameter row: Writes the row, with the announcement. Returns nil if no row is to refer to the files.
    /// - Throws: ``Vanished``, what the store and `row` throw, or `CancellationError` if the task was cancelled before the
    ///   row was written.
    func place<Row: Sendable>(
        _ files: ArrivingFiles, row: @escaping @Sendable (Announcement) async throws -> Row?
    ) async throws -> Row? {
        for _ in 1..<Self.attempts {
            do {
                return try await placeOnce(files, row: row)
            } catch CatalogueError.announcementGone {
                logger.info("files are put into the store again: it took longer than they were announced for")
            }
        }
        return try await placeOnce(files, row: row)
    }

    private func placeOnce<Row: Sendable>(
        _ files: ArrivingFiles, row: @escaping @Sendable (Announcement) async throws -> Row?
    ) async throws -> Row? {
        let announcement = try await catalogue.announce(files.hashes, patience: times.patience)
        do {
            try await put(files)
            try Task.checkCancellation()
            // In its own task: the caller's cancellation must not come between the files and the row.
            if let written = try await Task(operation: { try await row(announcement) }).value { return written }
        } catch CatalogueError.announcementGone {
            await takeBack(announcement, removing: false)
            throw CatalogueError.announcementGone
        } catch {
            let isCancelled = Task.isCancelled
            // A cancelled put is repeated soon, and the end of the server must not wait for the store.
            await takeBack(announcement, removing: !isCancelled)
            throw isCancelled ? CancellationError() : error
        }
        await takeBack(announcement, removing: false)
        return nil
    }

    private func put(_ files: ArrivingFiles) async throws {
        if let hash = files.original {
            if files.parts.isEmpty {
                guard try await originals.contains(hash) else { throw Vanished() }
            } else {
                try await originals.put(files.parts, of: hash)
            }
        }
        for picture in files.pictures where try await !originals.contains(picture.hash) {
            let staged = try await stage(leaving: nil)
            try await discarding([staged]) {
                try await threadPool.runIfActive {
                    try staged.append(picture.bytes.span)
                    _ = try staged.seal()
                }
                try await originals.put([.original: staged.path], of: picture.hash)
            }
        }
    }

    /// Ends an announcement without a row.
    ///
    /// - Parameter removing: Whether the files are removed at once, unless a row refers to them. If false, they are removed
    ///   when they have been released for long enough.
    private func takeBack(_ announcement: Announcement, removing: Bool) async {
        // In its own task, as the caller may be cancelled.
        await Task {
            do {
                try await catalogue.withdraw(announcement)
            } catch {
                logger.warning("announcement not withdrawn: it ends by itself", metadata: ["error": "\(error)"])
            }
            if removing { await release(Array(announcement.hashes)) }
        }.value
    }

    /// Removes the files of those Originals and pictures that no row refers to and no process has announced. Returns how
    /// many.
    ///
    /// - Parameter forget: called with each hash that no row refers to, before any file is removed.
    /// - Throws: what the catalogue throws, or the store's error for the first hash that it could not remove.
    @discardableResult
    func reclaim(
        _ hashes: [OriginalHash], forget: (@Sendable (OriginalHash) async -> Void)? = nil
    ) async throws -> Int {
        if let forget {
            for hash in hashes where try await !catalogue.isReferenced(hash) { await forget(hash) }
        }
        if originals.isReadOnly { return 0 }
        // In its own task: a removal that has begun must end, even if the caller is cancelled.
        return try await Task {
            let removal = try await catalogue.beginRemoval(of: hashes)
            if removal.hashes.isEmpty { return 0 }
            let end = ContinuousClock.now + times.removal
            var (removed, untouched): ([OriginalHash], [OriginalHash]) = ([], [])
            var failure: (any Error)?
            for hash in removal.hashes {
                let left = end - .now
                guard left > .zero else {
                    untouched.append(hash)
                    continue
                }
                do {
                    try await within(left) { [originals] in try await originals.remove(hash) }
                    removed.append(hash)
                } catch {
                    failure = failure ?? error
                }
            }
            try await catalogue.end(removal, removed: removed, untouched: untouched)
            if let failure { throw failure }
            return removed.count
        }.value
    }

    /// Reclaims Originals and pictures that rows no longer refer to. Files that cannot be removed stay, and only cost space.
    func release(_ hashes: [OriginalHash], forget: (@Sendable (OriginalHash) async -> Void)? = nil) async {
        let hashes = Array(Set(hashes))
        for start in stride(from: 0, to: hashes.count, by: Self.batch) {
            do {
                try await reclaim(Array(hashes[start..<min(start + Self.batch, hashes.count)]), forget: forget)
            } catch {
                logger.warning("Originals not removed", metadata: ["error": "\(error)"])
            }
        }
    }

    /// - Throws: ``IntakeError/storage(_:)`` if `operation` takes longer than `limit`; it is cancelled then.
    private func within(_ limit: Duration, _ operation: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                try await Task.sleep(for: limit)
                throw IntakeError.storage("the store does not answer")
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
