import Audio
import Foundation
import Testing

@testable import Locker

@Suite("What is kept of offers", .everyDriver) struct OfferTests {
    private static let day = 86_400_000
    private static let noon = 20_000 * day + day / 2

    private let clock: SetClock
    private let fixture: Fixture
    private let ada: Int64
    private let eve: Int64
    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        let clock = SetClock(Self.noon)
        self.clock = clock
        fixture = try Fixture(now: { clock.time })
        ada = try await fixture.catalogue.localAccount()
        let password = try #require(PasswordHash(of: "correct horse"))
        eve = try await fixture.catalogue.addAccount(named: "eve", password: password, plan: "free")
        for account in [ada, eve] { try await fixture.catalogue.setTaste(true, account: account) }
    }

    private func state(_ account: Int64? = nil) async throws -> OfferState {
        try #require(try await catalogue.offers(account: account ?? ada))
    }

    private func counts() async throws -> [String] {
        try await catalogue.offerCounts().map { "\($0.day) \($0.offer) \($0.shown) \($0.clicked)" }
    }

    @Test("An account counts once a day for one offer, however often it is told, and a click once")
    func once() async throws {
        for _ in 0..<3 { try await catalogue.noteShown(offer: "a", account: ada) }
        try await catalogue.noteShown(offer: "b", account: ada)
        for _ in 0..<3 { try await catalogue.noteClicked(offer: "a", account: ada) }
        try await catalogue.noteClicked(offer: "b", account: ada)
        try await catalogue.noteShown(offer: "a", account: eve)
        #expect(try await counts() == ["20000 a 2 1"])
        #expect(try await state().shown == [20_000: ShownOffer(id: "a", isClicked: true)])
        clock.time += Self.day
        try await catalogue.noteClicked(offer: "a", account: eve)
        try await catalogue.noteShown(offer: "b", account: ada)
        #expect(try await counts() == ["20000 a 2 2", "20001 b 1 0"])
        clock.time += 2 * Self.day
        try await catalogue.noteClicked(offer: "b", account: ada)
        #expect(try await counts() == ["20000 a 2 2", "20001 b 1 0"])
        // What a quiet account was shown is forgotten too.
        clock.time += 87 * Self.day
        try await catalogue.forgetShownOffers()
        let left: [String] = try await catalogue.database.read { try $0.values("SELECT offer FROM shownOffer ORDER BY day") }
        #expect(left == ["b"])
        let first = try #require(try await catalogue.offerCounts(limit: 1).first)
        #expect(try await catalogue.offerCounts(after: first).map(\.offer) == ["b"])
    }

    @Test("Nothing is noted or counted of an account that has no taste, has switched offers off, or is not there")
    func apart() async throws {
        #expect(try await catalogue.setOffers(false, account: ada))
        try await catalogue.setTaste(false, account: eve)
        for account in [ada, eve, 99] {
            try await catalogue.noteShown(offer: "a", account: account)
            try await catalogue.noteClicked(offer: "a", account: account)
        }
        #expect(try await counts().isEmpty)
        let (off, other) = (try await state(), try await state(eve))
        #expect(!off.isOn && off.isListener && other.isOn && !other.isListener)
        #expect(try await catalogue.offers(account: 99) == nil)
        #expect(try await !catalogue.setOffers(true, account: 99))
        #expect(try await !catalogue.dismiss(offer: "a", account: 99))
    }

    @Test("Opting out erases what was shown and dismissed, and not the switch, nor the counts")
    func optOut() async throws {
        try await catalogue.noteShown(offer: "a", account: ada)
        for offer in ["a", "b"] { #expect(try await catalogue.dismiss(offer: offer, account: ada)) }
        #expect(try await state().dismissed == ["a", "b"])
        #expect(try await catalogue.setOffers(false, account: ada))
        try await catalogue.setTaste(false, account: ada)
        try await catalogue.setTaste(true, account: ada)
        let state = try await state()
        #expect(state.shown.isEmpty && state.dismissed.isEmpty && !state.isOn && state.isListener)
        #expect(try await counts() == ["20000 a 1 0"])
    }

    @Test("What was dismissed can be forgotten, and that of others stays")
    func forget() async throws {
        for account in [ada, eve] { try await catalogue.dismiss(offer: "a", account: account) }
        try await catalogue.forgetDismissedOffers(account: ada)
        #expect(try await state().dismissed.isEmpty)
        #expect(try await state(eve).dismissed == ["a"])
    }

    @Test("What was shown is forgotten after ninety days")
    func old() async throws {
        try await catalogue.noteShown(offer: "a", account: ada)
        clock.time += 89 * Self.day
        #expect(try await state().shown.count == 1)
        clock.time += Self.day
        #expect(try await state().shown.isEmpty)
        try await catalogue.noteShown(offer: "b", account: ada)
        let rows: Int? = try await catalogue.database.read { try $0.value("SELECT count(*) FROM shownOffer") }
        #expect(rows == 1)
    }

    @Test("Counts hold no account: the table has no such column, and an account's removal leaves them as they were")
    func noAccount() async throws {
        let columns: [String] = try await catalogue.database.read { db in
            try db.values("SELECT name FROM pragma_table_info('offerCount') ORDER BY name")
        }
        #expect(columns == ["clicked", "day", "offer", "shown"])
        try await catalogue.noteShown(offer: "a", account: eve)
        try await catalogue.noteClicked(offer: "a", account: eve)
        try await catalogue.dismiss(offer: "a", account: eve)
        _ = try await catalogue.removeAccount(id: eve)
        #expect(try await counts() == ["20000 a 1 1"])
        for table in ["shownOffer", "dismissedOffer"] {
            let rows: Int? = try await catalogue.database.read { try $0.value("SELECT count(*) FROM \(table)") }
            #expect(rows == 0, "\(table)")
        }
    }

    @Test("An account from before has offers on")
    func migrated() async throws {
        let path = fixture.path + "-old"
        let old = try SQLiteDatabase(path: path, upTo: "lists")
        try await old.write(.keeping) { try $0.run("INSERT INTO account (id, name) VALUES (1, 'local')") }
        try old.close()
        let catalogue = try Catalogue(path: path)
        defer { try? catalogue.close() }
        #expect(try await catalogue.offers(account: 1)?.isOn == true)
    }
}
