internal import GRDB
internal import Synchronization

/// What a full disk and a catalogue's end have to do with SQLite's write-ahead log.
extension Catalogue {
    /// What a transaction is for.
    enum Purpose {
        /// Keeps something more: on a full disk it fails.
        case keeping
        /// Gives space back, or lets in who would: on a full disk it may use the reserve.
        case freeing
    }

    /// Runs one transaction after which nothing that is remembered is wrong.
    ///
    /// - Parameter body: May run twice, the first time without effect on the database.
    /// - Throws: ``CatalogueError/noRoom`` on a full disk, and what `body` throws.
    func write<Value: Sendable>(
        _ purpose: Purpose = .keeping, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.write(body)
        } catch {
            guard Self.isFull(error) else { throw error }
        }
        guard purpose == .freeing, let reserve else { throw CatalogueError.noRoom }
        reserve.begin()
        defer {
            // The log's pages go into the file, its space is free again, and the reserve is taken from it.
            try? checkpoint()
            reserve.end()
        }
        do {
            return try await pool.write(body)
        } catch {
            throw Self.isFull(error) ? CatalogueError.noRoom : error
        }
    }

    /// Runs one transaction that changes something.
    func change<Value: Sendable>(
        _ purpose: Purpose = .keeping, _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws -> Value {
        defer {
            recentTracks.change()
            recentHolders.change()
        }
        return try await write(purpose, body)
    }

    /// Takes as much of the reserve again as there is room for. Blocks for a moment.
    public func restoreReserve() { reserve?.restore() }

    /// Writes everything into the one file and lets go of it, so that a copy of the file is the catalogue. No call may follow; a
    /// second one does nothing.
    ///
    /// Where another process uses the catalogue, the last to close it does this.
    public func close() throws {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        do {
            try Self.usingReserve(reserve) { try checkpoint() }
        } catch let error as DatabaseError where [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode) {
            // Another process reads or writes.
        }
        // The readers first: the last connection takes what the log has into the file, and removes the log, if it may write.
        pool.invalidateReadOnlyConnections()
        try pool.close()
        reserve?.restore()
    }

    /// Copies what the write-ahead log holds into the file and empties the log.
    private func checkpoint() throws {
        try pool.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
    }

    /// Runs `body`, once more without the reserve where the disk is full.
    ///
    /// - Throws: ``CatalogueError/noRoom`` where that does not help.
    static func usingReserve<Value>(_ reserve: CatalogueReserve?, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            guard isFull(error) else { throw error }
        }
        guard let reserve else { throw CatalogueError.noRoom }
        reserve.begin()
        defer { reserve.end() }
        do {
            return try body()
        } catch {
            throw isFull(error) ? CatalogueError.noRoom : error
        }
    }

    /// Whether SQLite could not write: a full disk or a full quota, found at once, by a sync or by the log's index.
    static func isFull(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        let writing: [ResultCode] = [
            .SQLITE_IOERR_WRITE, .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC, .SQLITE_IOERR_TRUNCATE, .SQLITE_IOERR_SHMSIZE
        ]
        return error.resultCode == .SQLITE_FULL || writing.contains(error.extendedResultCode)
    }
}

extension CatalogueReserve {
    /// Pages of SQLite's log after which they go into the file: all of them fit into the reserve, and what they become of the file
    /// too, so that no log is too long to be emptied on a full disk.
    var logPages: Int { min(1000, max(32, size / 4 / 4096)) }
}
