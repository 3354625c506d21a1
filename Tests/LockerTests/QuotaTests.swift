import Audio
import Testing

@testable import Locker

@Suite struct QuotaTests {
    private func used(_ account: Int64, _ catalogue: Catalogue) async throws -> Int {
        try #require(try await catalogue.account(id: account)).bytes
    }

    @Test("an account's bytes are those of its tracks, whatever happens to them")
    func counted() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let (one, other) = (try await catalogue.account(named: "one"), try await catalogue.account(named: "other"))
        var tracks: [Track] = []
        for number in 0..<5 {
            tracks.append(try await catalogue.add(account: one, hash: .numbered(number), map: map(), title: "t").track)
        }
        _ = try await catalogue.add(account: one, hash: .numbered(0), map: map(), title: "again")
        _ = try await catalogue.add(account: other, hash: .numbered(0), map: map(), title: "t")
        #expect(try await used(one, catalogue) == 5 * 4044)
        #expect(try await used(other, catalogue) == 4044)
        _ = try await catalogue.remove(id: tracks[0].id, account: one)
        _ = try await catalogue.remove(id: tracks[1].id, account: other)
        #expect(try await used(one, catalogue) == 4 * 4044)
        _ = try await catalogue.removeAccount(id: other)
        #expect(try await catalogue.account(id: other) == nil)
        #expect(try await used(one, catalogue) == 4 * 4044)
    }

    @Test("what is reserved at once by many never exceeds the quota, and comes back")
    func reserved() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let account = try await catalogue.account(named: "one")
        _ = try await catalogue.add(account: account, hash: .numbered(0), map: map(), title: "t")
        let quota = 4044 + 10 * 1000 + 999
        let reservations = await withTaskGroup(of: Reservation?.self) { tasks in
            for _ in 0..<50 { tasks.addTask { try? await catalogue.reserve(1000, account: account, quota: quota) } }
            return await tasks.reduce(into: [Reservation]()) { if let reservation = $1 { $0.append(reservation) } }
        }
        #expect(reservations.count == 10)
        await #expect(throws: CatalogueError.overQuota) { try await catalogue.reserve(1000, account: account, quota: quota) }
        let rest = try await catalogue.reserve(999, account: account, quota: quota)
        await #expect(throws: CatalogueError.overQuota) { try await catalogue.reserve(1, account: account, quota: quota) }
        _ = try await catalogue.reserve(0, account: account, quota: quota)
        for _ in 0..<2 { try await catalogue.release(rest) }
        #expect(try await catalogue.reserve(999, account: account, quota: quota) != rest)
        // The track takes the place of what was kept for it, in one transaction.
        let arrival = Arrival(hash: try .numbered(1), map: try map(), title: "t")
        _ = try await catalogue.add(arrival, account: account, releasing: reservations[0])
        await #expect(throws: CatalogueError.overQuota) { try await catalogue.reserve(1, account: account, quota: quota) }
        _ = try await catalogue.reserve(1_000_000, account: account, quota: nil)
        await #expect(throws: CatalogueError.overQuota) { try await catalogue.reserve(.max, account: account, quota: .max) }
        try await catalogue.releaseAll()
        _ = try await catalogue.reserve(quota - 2 * 4044, account: account, quota: quota)
        await #expect(throws: CatalogueError.overQuota) { try await catalogue.reserve(1, account: 99, quota: quota) }
    }
}
