/// A database of the catalogue: SQLite today, see ``SQLiteDatabase``. The interface that a driver implements.
///
/// Calls into a database block, so a driver runs every body on its own threads, and the caller waits without blocking one.
protocol Database: Sendable {
    /// Runs `body` on one state of the database, which no transaction changes meanwhile. `body` must not write.
    ///
    /// - Throws: A ``CatalogueError`` if the database fails, and what `body` throws.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> Value) async throws -> Value

    /// Runs `body` on the calling thread, by a connection of its own that keeps little in memory and is closed afterwards: for long readings
    /// that nothing may wait for. Each statement is on a state of its own of the database, so that none holds up what is written for long.
    /// Blocks. `body` must not write.
    ///
    /// - Throws: As ``read(_:)``.
    func readAside<Value>(_ body: (any Connection) throws -> Value) throws -> Value

    /// Runs `body` as one transaction. No other transaction writes beside it, and it has reached the disk when the call
    /// returns.
    ///
    /// - Parameter body: May run twice, the first time without effect on the database. If it throws, nothing is changed.
    /// - Throws: ``CatalogueError/noRoom`` on a full disk, another ``CatalogueError`` if the database fails otherwise, and
    ///   what `body` throws.
    func write<Value: Sendable>(
        _ purpose: Purpose, _ body: @escaping @Sendable (any Connection) throws -> Value
    ) async throws -> Value

    /// Removes what an ``Purpose/erasing`` transaction erased and a reader kept in the log, if there is any.
    func finishErasing() async

    /// Closes the database. No other call may follow; a second close does nothing. Blocks.
    func close() throws
}

/// The purpose of a transaction: it decides what happens on a full disk.
enum Purpose {
    /// Stores something more; fails on a full disk.
    case keeping
    /// Gives space back, or logs in an account that may do so; may use the reserve on a full disk.
    case freeing
    /// Erases what nobody may find any more, in the file or in the log. May use the reserve too.
    case erasing
}
