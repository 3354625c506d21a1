/// What all listeners like, read by a connection of its own: see ``Catalogue/readTastes(_:)``. Everything here blocks.
public struct TasteReader {
    /// Rows that one statement reads: for more, what is written would have to wait too long with emptying the log.
    private static let page = 2_000

    private let db: any Connection

    init(_ db: any Connection) { self.db = db }

    /// As ``Catalogue/departures()``.
    public func departures() throws -> Int { try Catalogue.departures(db) }

    /// As ``Catalogue/listeners()``.
    public func listeners() throws -> [Int64: Int] { try Catalogue.listeners(db) }

    /// Calls `body` with what the accounts that are opted in like, account by account, of recordings that are known; without what they skip
    /// more than they hear, and what they hide.
    public func tastes(_ body: (RecordingTaste) throws -> Void) throws { try tastes(page: Self.page, body) }

    func tastes(page: Int, _ body: (RecordingTaste) throws -> Void) throws {
        var tastes: [RecordingTaste] = []
        var last: (account: Int64, track: String)? = (0, "")
        while let start = last {
            last = nil
            tastes.removeAll(keepingCapacity: true)
            var count = 0
            try db.rows(
                """
                SELECT account, recording, weight, at, track FROM taste
                WHERE (account, track) > (?, ?) AND weight > 0 AND recording IS NOT NULL ORDER BY account, track LIMIT ?
                """, [start.account, start.track, page]
            ) { row in
                tastes.append(RecordingTaste(account: row[0], recording: row[1], weight: row[2], at: row[3]))
                count += 1
                if count == page { last = (row[0], row[4]) }
                return true
            }
            var hidden: [Int64: Set<Int64>] = [:]
            try db.rows(
                "SELECT account, recording FROM hidden WHERE account >= ? AND account <= ? AND recording IS NOT NULL",
                [tastes.first?.account ?? 0, tastes.last?.account ?? -1]
            ) { row in
                hidden[row[0], default: []].insert(row[1])
                return true
            }
            for taste in tastes where hidden.isEmpty || hidden[taste.account]?.contains(taste.recording) != true {
                try body(taste)
            }
        }
    }

    /// Calls `body` with the name that the artist of each recording is ordered by, in the locker of an account that is opted in: equal for
    /// one artist in all lockers whose tags agree. Recordings come in the order of their numbers, without those that no such account has.
    public func artists(_ body: (_ recording: Int64, _ name: String) throws -> Void) throws {
        var last: Int64? = 0
        while let start = last {
            last = nil
            // The first owner found is enough: a popular recording has thousands.
            try db.rows(
                """
                SELECT recording.id, (
                    SELECT track.artistOrder FROM sound JOIN track ON track.sha256 = sound.sha256
                        JOIN account ON account.id = track.account
                    WHERE sound.recording = recording.id AND account.taste IS NOT NULL ORDER BY sound.sha256 LIMIT 1
                ) FROM recording WHERE recording.id > ? ORDER BY recording.id LIMIT ?
                """, [start, Self.page]
            ) { row in
                let recording: Int64 = row[0]
                last = recording
                if let name: String = row[1] { try body(recording, name) }
                return true
            }
        }
    }
}
