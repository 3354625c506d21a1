internal import Synchronization

/// The kinds of changes that processes tell each other of.
enum ChangeKind: Int, Sendable {
    case other = 0
    /// Tracks, or shares of tracks: streams that are running may have to end.
    case tracksRemoved = 1
    case accountRemoved = 2
}

/// The feed by which the processes of one catalogue tell each other of changes: a row for each change, written in the
/// transaction that makes it, and read by processes that remember something. See the decision "Changes".
final class ChangeFeed: Sendable {
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
    func note(_ kind: ChangeKind, _ subjects: ChangeSubjects, of account: Int64?, _ db: any Connection) throws {
        let id: Int64? = try db.value(
            "INSERT INTO catalogueChange (writer, kind, subjects, account) VALUES (?, ?, ?, ?) RETURNING id",
            [writer, kind.rawValue, subjects.rawValue, account])
        guard let id, id.isMultiple(of: Self.pruning) else { return }
        try db.run("DELETE FROM catalogueChange WHERE id <= ?", [id - Self.mostRows])
    }

    private struct Change {
        var id: Int64
        var isOwn: Bool
        var kind: ChangeKind?
        var subjects: ChangeSubjects
        /// Nil if it may concern any account.
        var account: Int64?

        /// What it did to that which other processes remember.
        var memory: ChangeNews.Memory {
            guard kind == .other else { return .removed }
            return !subjects.isEmpty && subjects.isSubset(of: .unremembered) ? .right : .changed
        }
    }

    /// The changes since the last look. Of looks at the same time, each change is in the news of one. The first look knows
    /// nothing of the time before it, so anything may have changed.
    func look(_ database: any Database) async throws -> ChangeNews {
        let start = last.withLock { $0 }
        guard let start else {
            let latest = try await database.read { db in
                try db.value("SELECT max(id) FROM catalogueChange") as Int64? ?? 0
            }
            last.withLock { $0 = max($0 ?? 0, latest) }
            return .unknown
        }
        let writer = writer
        let changes = try await database.read { db in
            try db.all("SELECT id, writer, kind, subjects, account FROM catalogueChange WHERE id > ? ORDER BY id", [start]) {
                row in
                Change(
                    id: row[0], isOwn: row[1] as Int64 == writer, kind: ChangeKind(rawValue: row[2]),
                    subjects: ChangeSubjects(rawValue: row[3]), account: row[4])
            }
        }
        guard let first = changes.first, let latest = changes.last else { return ChangeNews() }
        let seen = last.withLock { last in
            defer { last = max(last ?? 0, latest.id) }
            return last ?? start
        }
        // Some were pruned before they were seen.
        if first.id > start + 1 { return .unknown }
        return Self.news(of: changes.filter { $0.id > seen })
    }

    private static func news(of changes: [Change]) -> ChangeNews {
        var news = ChangeNews()
        for change in changes {
            switch change.account {
            case let account?: news.accounts[account, default: []].formUnion(change.subjects)
            case nil: news.everybody.formUnion(change.subjects)
            }
            switch (change.isOwn, change.memory) {
            case (true, _), (_, .right): break
            case (_, .changed): if news.memory == .right { news.memory = .changed }
            case (_, .removed): news.memory = .removed
            }
        }
        return news
    }
}
