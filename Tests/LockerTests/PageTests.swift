import Audio
import Testing

@testable import Locker

@Suite("Pages of tracks", .everyDriver) struct PageTests {
    /// 30 tracks whose sort keys are mostly equal.
    private func filled() async throws -> (Fixture, Int64) {
        let fixture = try Fixture()
        let account = try await fixture.catalogue.localAccount()
        for number in 0..<30 {
            let tags = TrackTags(
                title: ["Same", "same", "Äther", "other"][number % 4], artist: ["A", "B", ""][number % 3], albumArtist: "",
                album: ["X", ""][number % 2], track: number % 2, disc: number % 3)
            let added = try await fixture.catalogue.add(
                account: account, hash: .numbered(number), map: map(tags), title: "-")
            if number % 5 == 0 { try await fixture.catalogue.markPlayed(id: added.track.id, account: account) }
        }
        return (fixture, account)
    }

    @Test("Pages of tracks are one total order", arguments: TrackSort.allCases, [1, 7, 30])
    func areOneTotalOrder(sort: TrackSort, limit: Int) async throws {
        let (fixture, account) = try await filled()
        let whole = try await fixture.catalogue.tracks(account: account, sort: sort, limit: 500)
        #expect(whole.next == nil)
        #expect(Set(whole.items.map(\.id)).count == 30)

        var paged: [Track] = []
        var next: String?
        repeat {
            let page = try await fixture.catalogue.tracks(account: account, sort: sort, after: next, limit: limit)
            #expect(page.items.count <= limit)
            paged += page.items
            next = page.next
        } while next != nil && paged.count <= 30
        #expect(paged == whole.items)
    }

    @Test("Pages of tracks are in the order asked for")
    func areInTheOrderAsked() async throws {
        let (fixture, account) = try await filled()
        func items(_ sort: TrackSort) async throws -> [Track] {
            try await fixture.catalogue.tracks(account: account, sort: sort, limit: 500).items
        }
        let added = try await items(.added)
        #expect(added.map(\.added) == Array(1000..<1030))
        #expect(try await items(.newest) == added.reversed())
        let titles = try await items(.title).map { $0.title.lowercased() }
        #expect(titles == ["äther", "other", "same"].flatMap { title in titles.filter { $0 == title } })
        #expect(try await items(.artist).map(\.artist).isSorted)
        #expect(try await items(.album).map(\.album).isSorted)
        let played = try await items(.played).map(\.played)
        #expect(played == Array(repeating: nil, count: 24) + Array(repeating: 1000, count: 6))
    }

    @Test("A page survives the removal of the track it ended with")
    func survivesRemoval() async throws {
        let (fixture, account) = try await filled()
        let whole = try await fixture.catalogue.tracks(account: account, sort: .title, limit: 500).items
        let page = try await fixture.catalogue.tracks(account: account, sort: .title, limit: 10)
        _ = try await fixture.catalogue.remove(id: whole[9].id, account: account)
        let rest = try await fixture.catalogue.tracks(account: account, sort: .title, after: page.next, limit: 500)
        #expect(rest.items == Array(whole[10...]))
    }

    @Test("A page of tracks comes from an index alone", arguments: TrackSort.allCases, [false, true])
    func comeFromAnIndexAlone(sort: TrackSort, continued: Bool) async throws {
        let fixture = try Fixture()
        let plan = try await fixture.catalogue.plan(of: sort.listing.statement(continued: continued))
        #expect(plan.count == 1, "\(plan)")
        #expect(plan[0].hasPrefix("SEARCH track USING INDEX track_"), "\(plan)")
        // The cursor has to narrow the search, not only filter it.
        if continued { #expect(plan[0].contains("(account=? AND "), "\(plan)") }
    }

    @Test(
        "A page refuses a cursor that is garbage",
        arguments: ["", "!", "AAAA", "a", "====", "Zm9v", "ééé", String(repeating: "A", count: 1 << 20)])
    func refuseGarbageCursors(text: String) async throws {
        let fixture = try Fixture()
        let account = try await fixture.catalogue.localAccount()
        await #expect(throws: CatalogueError.badCursor) {
            try await fixture.catalogue.tracks(account: account, sort: .title, after: text)
        }
    }

    @Test("A page refuses a cursor that is cut or of another order")
    func refuseCutAndForeignCursors() async throws {
        let (fixture, account) = try await filled()
        let cursor = try #require(try await fixture.catalogue.tracks(account: account, sort: .album, limit: 5).next)
        #expect(cursor.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        for length in 0..<cursor.count {
            await #expect(throws: CatalogueError.badCursor) {
                try await fixture.catalogue.tracks(account: account, sort: .album, after: String(cursor.prefix(length)))
            }
        }
        for sort in TrackSort.allCases where sort != .album {
            await #expect(throws: CatalogueError.badCursor) {
                try await fixture.catalogue.tracks(account: account, sort: sort, after: cursor)
            }
        }
    }
}

extension [String] {
    /// In the order of code points.
    fileprivate var isSorted: Bool {
        zip(self, dropFirst()).allSatisfy { !$1.unicodeScalars.lexicographicallyPrecedes($0.unicodeScalars) }
    }
}
