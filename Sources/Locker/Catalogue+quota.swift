internal import GRDB

/// Room in a locker that is kept for an upload under way.
public struct Reservation: Sendable, Hashable {
    let id: String
}

extension Catalogue {
    /// Keeps `bytes` for one upload: the account's tracks and all that is kept for it never exceed the quota, whoever asks at once.
    ///
    /// Given back by ``release(_:)``, or in the transaction that adds the track.
    ///
    /// - Parameter quota: bytes; nil without end.
    /// - Throws: ``CatalogueError/overQuota``.
    public func reserve(_ bytes: Int, account: Int64, quota: Int?) async throws -> Reservation {
        let reservation = Reservation(id: Identifier.random())
        // Nothing that is remembered changes.
        try await pool.write { db in
            if let quota {
                let used = try Int.fetchOne(
                    db,
                    sql: """
                        SELECT bytes + (SELECT ifnull(sum(bytes), 0) FROM reservation WHERE reservation.account = account.id)
                        FROM account WHERE id = ?
                        """,
                    arguments: [account])
                guard let used, bytes <= quota, used <= quota - bytes else { throw CatalogueError.overQuota }
            }
            try db.execute(
                sql: "INSERT INTO reservation (id, account, bytes) VALUES (?, ?, ?)", arguments: [reservation.id, account, bytes])
        }
        return reservation
    }

    /// Gives back what was kept. Doing so again does nothing.
    public func release(_ reservation: Reservation) async throws {
        try await pool.write { try Self.release(reservation, $0) }
    }

    /// Gives back what was kept for uploads that a crash ended. For the start, when none is under way.
    public func releaseAll() async throws {
        try await pool.write { try $0.execute(sql: "DELETE FROM reservation") }
    }

    static func release(_ reservation: Reservation, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM reservation WHERE id = ?", arguments: [reservation.id])
    }
}
