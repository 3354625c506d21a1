/// A database of the catalogue: SQLite today, see ``SQLiteDatabase``. The seam that a driver fills.
///
/// Calls into a database block, so a driver runs every body on a thread of its own and lets the caller wait without one.
protocol Database: Sendable {
    /// Runs `body` on a state of the database that nothing changes meanwhile. `body` writes nothing.
    ///
    /// - Throws: A ``CatalogueError`` where the database fails, and what `body` throws.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value

    /// Runs `body` as one transaction, which no other writes beside, and which has reached the disk when the call returns.
    ///
    /// - Parameter body: May run twice, the first time without effect on the database. If it throws, nothing is changed.
    /// - Throws: ``CatalogueError/noRoom`` on a full disk, another ``CatalogueError`` where the database fails otherwise, and what
    ///   `body` throws.
    func write<Value: Sendable>(
        _ purpose: Purpose, _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value

    /// Lets go of the database. No call may follow; a second one does nothing. Blocks.
    func close() throws
}

/// The purpose of a transaction: it decides what happens on a full disk.
enum Purpose {
    /// Keeps something more: on a full disk it fails.
    case keeping
    /// Gives space back, or lets in who would: on a full disk it may use the reserve.
    case freeing
}
