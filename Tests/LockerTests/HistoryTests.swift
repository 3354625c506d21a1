import Audio
import Foundation
import Synchronization
import Testing

@testable import Locker

@Suite("Plays in the catalogue", .everyDriver) struct HistoryTests {
    @Test("A play is one track at one time, in its account alone, and goes with its track")
    func plays() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let (one, other) = (try await catalogue.account(named: "one"), try await catalogue.account(named: "other"))
        var tracks: [Track] = []
        for number in 0..<3 {
            tracks.append(try await catalogue.add(account: one, hash: .numbered(number), map: map(), title: "t").track)
        }
        for (track, time) in [(0, 50), (1, 20), (0, 70), (0, 50), (2, 70)] {
            #expect(try await catalogue.markPlayed(id: tracks[track].id, account: one, at: time))
        }
        #expect(try await !catalogue.markPlayed(id: tracks[0].id, account: other, at: 90))
        #expect(try await !catalogue.markPlayed(id: "none", account: one, at: 90))
        let plays = try await catalogue.history(account: one).items
        #expect(plays.map(\.at) == [70, 70, 50, 20])
        #expect(Set(plays.prefix(2).map(\.track.id)) == [tracks[0].id, tracks[2].id])
        #expect(try await catalogue.history(account: other).items.isEmpty)
        #expect(try await catalogue.track(id: tracks[0].id, account: one)?.played == 70)
        _ = try await catalogue.remove(id: tracks[0].id, account: one)
        #expect(try await catalogue.history(account: one).items.map(\.at) == [70, 20])
        try await catalogue.eraseHistory(account: one)
        #expect(try await catalogue.history(account: one).items.isEmpty)
        #expect(try await catalogue.track(id: tracks[2].id, account: one)?.played == nil)
    }

    @Test("Plays beyond a bound are forgotten, the oldest first, without counting")
    func bound() async throws {
        let statements = Mutex<[String]>([])
        let fixture = try Fixture(onStatement: { text in statements.withLock { $0.append(text) } })
        let catalogue = fixture.catalogue
        let (one, other) = (try await catalogue.account(named: "one"), try await catalogue.account(named: "other"))
        var tracks: [String] = []
        for number in 0..<2 {
            tracks.append(try await catalogue.add(account: one, hash: .numbered(number), map: map(), title: "t").track.id)
        }
        let theirs = try await catalogue.add(account: other, hash: .numbered(9), map: map(), title: "t").track.id
        for time in 1...5 { try await catalogue.markPlayed(id: theirs, account: other, at: time, keeping: 5) }
        func times() async throws -> [Int] { try await catalogue.history(account: one).items.map(\.at) }
        statements.withLock { $0 = [] }
        for time in [30, 10, 20, 40] { try await catalogue.markPlayed(id: tracks[0], account: one, at: time, keeping: 3) }
        #expect(try await times() == [40, 30, 20])
        // One that is heard again is no more; one before all that are kept is not kept.
        for time in [40, 5] { try await catalogue.markPlayed(id: tracks[0], account: one, at: time, keeping: 3) }
        #expect(try await times() == [40, 30, 20])
        #expect(statements.withLock { $0.allSatisfy { !$0.lowercased().contains("count(") } })
        try await catalogue.markPlayed(id: tracks[1], account: one, at: 50, keeping: 3)
        #expect(try await times() == [50, 40, 30])
        _ = try await catalogue.remove(id: tracks[1], account: one)
        for time in [60, 70] { try await catalogue.markPlayed(id: tracks[0], account: one, at: time, keeping: 3) }
        #expect(try await times() == [70, 60, 40])
        // A smaller plan.
        try await catalogue.markPlayed(id: tracks[0], account: one, at: 80, keeping: 1)
        #expect(try await times() == [80])
        try await catalogue.markPlayed(id: tracks[0], account: one, at: 90, keeping: 0)
        #expect(try await times() == [])
        for time in 1...9 { try await catalogue.markPlayed(id: tracks[0], account: one, at: time) }
        try await catalogue.eraseHistory(account: one)
        let counts = try await catalogue.database.read { try $0.values("SELECT plays FROM account ORDER BY id") as [Int] }
        #expect(counts == [0, 5])
    }

    @Test("A play, or a skip, before all that are kept counts no time, however often it is told")
    func toldAgain() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let account = try await catalogue.account(named: "one")
        let track = try await catalogue.add(account: account, hash: .numbered(1), map: map(), title: "t").track.id
        try await catalogue.setTaste(true, account: account)
        for heard in [nil, 1] {
            for time in [10, 20, 30] + Array(repeating: 5, count: 4) {
                let moment = heard == nil ? time : time + 100
                try await catalogue.markPlayed(id: track, account: account, at: moment, heard: heard, keeping: 3)
            }
        }
        let plays = try await catalogue.database.read { try $0.value("SELECT plays FROM track", []) as Int? }
        #expect(plays == 3)
        #expect(try await catalogue.history(account: account).items.map(\.at) == [30, 20, 10])
        #expect(try await catalogue.skips(account: account).items.map(\.at) == [130, 120, 110])
    }

    @Test("The plays of an earlier version's catalogue are counted once")
    func migrates() async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).sqlite").path
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        let id: String
        do {
            let database = try SQLiteDatabase(path: path)
            let catalogue = Catalogue(database: database)
            let account = try await catalogue.account(named: "one")
            id = try await catalogue.add(account: account, hash: .numbered(1), map: map(), title: "t").track.id
            for time in 1...4 { try await catalogue.markPlayed(id: id, account: account, at: time) }
            try await database.write(.keeping) { db in
                for statement in [
                    "DROP TRIGGER play_inserted", "DROP TRIGGER play_deleted", "ALTER TABLE account DROP COLUMN plays",
                    "DELETE FROM grdb_migrations WHERE identifier = 'play counts'"
                ] { try db.run(statement) }
            }
            try catalogue.close()
        }
        let catalogue = try Catalogue(path: path)
        let account = try await catalogue.account(named: "one")
        try await catalogue.markPlayed(id: id, account: account, at: 5, keeping: 2)
        #expect(try await catalogue.history(account: account).items.map(\.at) == [5, 4])
        try catalogue.close()
    }

    @Test("Pages of the history are one total order by an index", arguments: [1, 7, 100])
    func pages(limit: Int) async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let account = try await catalogue.localAccount()
        for number in 0..<3 {
            let track = try await catalogue.add(account: account, hash: .numbered(number), map: map(), title: "t").track
            for time in 1...10 { try await catalogue.markPlayed(id: track.id, account: account, at: time) }
        }
        let whole = try await catalogue.history(account: account).items
        #expect(whole.count == 30 && whole.map(\.at) == whole.map(\.at).sorted(by: >))
        var paged: [Play] = []
        var next: String?
        repeat {
            let page = try await catalogue.history(account: account, after: next, limit: limit)
            (paged, next) = (paged + page.items, page.next)
        } while next != nil && paged.count <= 30
        #expect(paged == whole)
        for cursor in ["", "-", "5", try #require(try await catalogue.tracks(account: account, sort: .title, limit: 1).next)] {
            await #expect(throws: CatalogueError.badCursor) { try await catalogue.history(account: account, after: cursor) }
        }
        for continued in [false, true] {
            let plan = try await catalogue.plan(of: Catalogue.historyListing.statement(continued: continued))
            #expect(plan.count == 2 && plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(plan)")
        }
    }
}
