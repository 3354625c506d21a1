import Audio
import GRDB
import Testing

@testable import Locker

@Suite struct HistoryTests {
    @Test("a play is one track at one time, in its account alone, and goes with its track")
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

    @Test("pages of it are one total order by an index", arguments: [1, 7, 100])
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
            let arguments: StatementArguments = continued ? [account, 5, whole[0].track.id, 10] : [account, 10]
            let plan = try await catalogue.pool.read { db in
                try Row.fetchAll(
                    db, sql: "EXPLAIN QUERY PLAN \(Catalogue.historyListing.statement(continued: continued))",
                    arguments: arguments
                ).map { $0["detail"] as String }
            }
            #expect(plan.count == 2 && plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(plan)")
        }
    }
}
