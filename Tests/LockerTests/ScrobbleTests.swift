import Audio
import Foundation
import Testing

@testable import Locker

@Suite("Plays on their way to other services", .everyDriver) struct ScrobbleTests {
    private let clock = SetClock(1_000)
    private let fixture: Fixture
    private let seal: AppPasswordSeal
    private let account: Int64
    private let track: String
    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        let clock = clock
        fixture = try Fixture(now: { clock.time })
        seal = try AppPasswordSeal(key: [UInt8](repeating: 7, count: 32))
        account = try await fixture.catalogue.localAccount()
        var map = try map(TrackTags(title: "T", artist: "A", album: "L"))
        map.samples = 4_410_000
        map.tags.musicBrainz.recording = "cf639964-eabb-4c40-9673-c2117e456ea5"
        track = try await fixture.catalogue.add(account: account, hash: .numbered(1), map: map, title: "-").track.id
    }

    private func batch(_ limit: Int = 9) async throws -> ScrobbleBatch? {
        try await catalogue.scrobbles(for: .listenBrainz, account: account, limit: limit, seal: seal)
    }

    private func tie() async throws {
        try await catalogue.setScrobbler(.listenBrainz, name: "n", token: "secret", account: account, seal: seal)
    }

    @Test("Plays of a deleted track wait again when it is put back, unless they were erased or the service was left meanwhile")
    func deleted() async throws {
        try await tie()
        for time in [5, 6] { try await catalogue.markPlayed(id: track, account: account, at: time) }
        func undo(_ meanwhile: () async throws -> Void = {}) async throws -> [Int]? {
            #expect(try await catalogue.remove(id: track, account: account) != nil)
            #expect(try await batch() == nil)
            try await meanwhile()
            #expect(try await catalogue.restore(id: track, account: account, deletedSince: 0, quota: nil) != nil)
            return try await batch()?.plays.map(\.at)
        }
        #expect(try await undo() == [5, 6])
        #expect(try await undo { try await catalogue.eraseHistory(account: account, in: 5..<6) } == [6])
        let left = try await undo {
            try await catalogue.removeScrobbler(.listenBrainz, account: account)
            try await tie()
        }
        #expect(left == nil)
    }

    @Test("Plays wait from when the account is tied, the earliest first, over a restart, until they are taken")
    func waits() async throws {
        #expect(try await catalogue.markPlayed(id: track, account: account, at: 1))
        try await tie()
        for time in [30, 10, 20, 10] { try await catalogue.markPlayed(id: track, account: account, at: time) }
        let other = try fixture.another()
        let found = try #require(try await other.scrobbles(for: .listenBrainz, account: account, limit: 2, seal: seal))
        #expect(found.token == "secret" && found.plays.map(\.at) == [10, 20])
        #expect(found.plays[0].recording == "cf639964-eabb-4c40-9673-c2117e456ea5" && found.plays[0].duration == 100_000)
        #expect(try await other.scrobblersDue(for: .listenBrainz) == [account])
        try await other.endScrobbles(found.plays, taken: 2, for: .listenBrainz, account: account)
        #expect(try await batch()?.plays.map(\.at) == [30])
        let known = try #require(try await catalogue.scrobblers(account: account).first)
        #expect(known.sent == 2 && known.waiting == 1 && known.fault == nil && known.name == "n")
        try other.close()
    }

    @Test("A failure puts off, a fault stops, and another token goes on")
    func failures() async throws {
        try await tie()
        try await catalogue.markPlayed(id: track, account: account, at: 10)
        try await catalogue.postponeScrobbles(until: 5_000, for: .listenBrainz, account: account)
        #expect(try await catalogue.scrobblersDue(for: .listenBrainz).isEmpty)
        #expect(try await batch()?.failures == 1)
        clock.time = 5_000
        #expect(try await catalogue.scrobblersDue(for: .listenBrainz).count == 1)
        // Another service, which may not be set up here, has a list of its own.
        try await catalogue.setScrobbler(.lastFM, name: "n", token: "t", account: account, seal: seal)
        try await catalogue.markPlayed(id: track, account: account, at: 20)
        for service in ScrobbleService.allCases {
            #expect(try await catalogue.scrobblersDue(for: service, limit: 1) == [account])
        }
        try await catalogue.stopScrobbles(for: .listenBrainz, account: account, fault: "no")
        #expect(try await catalogue.scrobblersDue(for: .listenBrainz).isEmpty)
        #expect(try await batch() == nil)
        #expect(try await catalogue.scrobblers(account: account).first?.fault == "no")
        try await tie()
        #expect(try await catalogue.scrobblersDue(for: .listenBrainz).count == 1)
        #expect(try await batch()?.failures == 0)
    }

    @Test("Erased plays, deleted tracks and ended ties wait no more; imports and short tracks never do")
    func ends() async throws {
        try await tie()
        for time in [10, 20] { try await catalogue.markPlayed(id: track, account: account, at: time) }
        try await catalogue.markPlayed(id: track, account: account, at: 25, source: .import)
        let short = try await catalogue.add(account: account, hash: .numbered(2), map: map(), title: "s").track.id
        try await catalogue.markPlayed(id: short, account: account, at: 26)
        try await catalogue.eraseHistory(account: account, in: 10..<11)
        #expect(try await batch()?.plays.map(\.at) == [20])
        _ = try await catalogue.remove(id: track, account: account)
        #expect(try await batch() == nil)
        #expect(try await catalogue.scrobblers(account: account).first?.waiting == 0)
        #expect(try await catalogue.removeScrobbler(.listenBrainz, account: account))
        #expect(try await !catalogue.removeScrobbler(.listenBrainz, account: account))
        #expect(try await catalogue.scrobblers(account: account).isEmpty)
    }

    @Test("A token opens only with the key that it was sealed with, and only as this account's")
    func tokens() async throws {
        try await tie()
        try await catalogue.markPlayed(id: track, account: account, at: 10)
        let other = try AppPasswordSeal(key: [UInt8](repeating: 8, count: 32))
        let found = try await catalogue.scrobbles(for: .listenBrainz, account: account, limit: 1, seal: other)
        #expect(found != nil && found?.token == nil)
        let eve = try await catalogue.account(named: "eve")
        try await catalogue.database.write(.keeping) { db in
            try db.run("DELETE FROM scrobbler WHERE account = ?", [eve])
            try db.run(
                """
                INSERT INTO scrobbler (account, service, name, sealed, since)
                SELECT ?, service, name, sealed, since FROM scrobbler WHERE account <> ?
                """, [eve, eve])
        }
        let theirs = try await catalogue.add(account: eve, hash: .numbered(1), map: longMap(), title: "-").track.id
        try await catalogue.markPlayed(id: theirs, account: eve, at: 10)
        let stolen = try await catalogue.scrobbles(for: .listenBrainz, account: eve, limit: 1, seal: seal)
        #expect(stolen != nil && stolen?.token == nil)
    }

    private func longMap() throws -> TrackMap {
        var map = try map()
        map.samples = 4_410_000
        return map
    }
}
