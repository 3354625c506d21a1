internal import Synchronization

/// The kinds of changes that processes tell each other of.
enum ChangeKind: Int, Sendable {
    case other = 0
    case tracksRemoved = 1
    case accountRemoved = 2
}

/// The feed by which the processes of one catalogue tell each other of changes: a row for each change, written in the
/// transaction that makes it, and read by processes that remember something. See the decision "Changes".
final class ChangeFeed: Sendable {
    /// The changes that other processes made since the last look.
    enum News: Sendable {
        case nothing
        case changes
        /// Tracks were removed, and perhaps more changed.
        case removals
    }

    /// At least this many rows are kept. A process that has not seen the rows before them is told that anything may have
    /// changed.
    static let mostRows: Int64 = 1024
    /// Old rows are removed once in this many changes.
    private static let pruning: Int64 = 256

    /// Tells the rows of this process from others'.
    private let writer = Int64.random(in: .min ... .max)
    /// The last row seen; nil before the first look.
    private let last = Mutex<Int64?>(nil)

    /// Notes a change in the transaction that makes it.
    ///
    /// - Parameter account: The only account that the change concerns; nil if it may concern any.
    func note(_ kind: ChangeKind, of account: Int64?, _ db: any Connection) throws {
        let id: Int64? = try db.value(
            "INSERT INTO catalogueChange (writer, kind, account) VALUES (?, ?, ?) RETURNING id", [writer, kind.rawValue, account])
        guard let id, id.isMultiple(of: Self.pruning) else { return }
        try db.run("DELETE FROM catalogueChange WHERE id <= ?", [id - Self.mostRows])
    }

    /// The changes that other processes made since the last look. The first look knows nothing of the time before it, so
    /// anything may have changed.
    func look(_ database: any Database) async throws -> News {
        let start = last.withLock { $0 }
        guard let start else {
            let latest = try await database.read { db in
                try db.value("SELECT max(id) FROM catalogueChange") as Int64? ?? 0
            }
            last.withLock { $0 = max($0 ?? 0, latest) }
            return .removals
        }
        let rows = try await database.read { db in
            try db.all("SELECT id, writer, kind FROM catalogueChange WHERE id > ? ORDER BY id", [start]) { row in
                (id: row[0] as Int64, writer: row[1] as Int64, kind: ChangeKind(rawValue: row[2]))
            }
        }
        guard let first = rows.first, let latest = rows.last else { return .nothing }
        last.withLock { $0 = max($0 ?? 0, latest.id) }
        // Some were pruned before they were seen.
        if first.id > start + 1 { return .removals }
        let others = rows.filter { $0.writer != writer }
        if others.isEmpty { return .nothing }
        return others.allSatisfy { $0.kind == .other } ? .changes : .removals
    }
}
