import Audio
import Synchronization
import Testing

@testable import Locker

@Suite("The catalogue", .everyDriver) struct CatalogueTests {
    @Test("A catalogue opens again as it was")
    func opensAgainAsItWas() async throws {
        let fixture = try Fixture()
        let account = try await fixture.catalogue.localAccount()
        let tags = TrackTags(
            title: "Tï\"tle", artist: "Artist", albumArtist: "Various", album: "Album", track: 3, disc: 2, year: 1999,
            genres: ["Rock", "\"Pop\""])
        let (track, isNew) = try await fixture.catalogue.add(
            account: account, hash: .numbered(1), map: map(tags), measures: SoundMeasures(warnings: ["cut"]), title: "file")
        #expect(isNew)
        #expect(track.title == "Tï\"tle" && track.genres == ["Rock", "\"Pop\""] && track.warnings == ["cut"])
        #expect(track.samples == 1000 && track.bytes == 4044 && track.codec == "pcm_s16le" && track.bitrate == 1411)

        let again = try Catalogue(path: fixture.path)
        #expect(try await again.localAccount() == account)
        #expect(try await again.track(id: track.id, account: account) == track)
    }

    @Test("An acknowledged change survives a power cut")
    func keepsWhatIsAcknowledgedThroughAPowerCut() async throws {
        let fixture = try Fixture()
        let settings = try await fixture.catalogue.database.write(.keeping) { db in
            try ["synchronous", "journal_mode", "foreign_keys"].map { try db.value("PRAGMA \($0)") as SQLValue? }
        }
        #expect(settings == [.integer(2), .text("wal"), .integer(1)])
    }

    @Test("A hundred tasks and two processes that add one song make one row")
    func addsOnce() async throws {
        let fixture = try Fixture()
        let other = try Catalogue(path: fixture.path)
        let account = try await fixture.catalogue.localAccount()
        let results = try await withThrowingTaskGroup(of: (String, Bool).self) { group in
            for number in 0..<100 {
                let catalogue = number.isMultiple(of: 2) ? fixture.catalogue : other
                group.addTask {
                    let (track, isNew) = try await catalogue.add(
                        account: account, hash: .numbered(1), map: map(), title: "file")
                    return (track.id, isNew)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { $0.1 } == 1)
        #expect(Set(results.map(\.0)).count == 1)
        #expect(try await fixture.catalogue.count(account: account) == 1)
    }

    @Test("A track asked for lately is remembered for its account alone, and not past a change")
    func remembers() async throws {
        let statements = Tally()
        let fixture = try Fixture(onStatement: { _ in statements.count.withLock { $0 += 1 } })
        let catalogue = fixture.catalogue
        let (one, other) = (try await catalogue.account(named: "one"), try await catalogue.account(named: "other"))
        let (track, _) = try await catalogue.add(account: one, hash: .numbered(1), map: map(), title: "file")
        #expect(try await catalogue.recentTrack(id: track.id, account: one) == track)
        // On a busy machine a second may pass between two calls.
        var isRemembered = false
        for _ in 0..<50 where !isRemembered {
            let before = statements.count.withLock { $0 }
            #expect(try await catalogue.recentTrack(id: track.id, account: one) == track)
            isRemembered = statements.count.withLock { $0 } == before
        }
        #expect(isRemembered)
        #expect(try await catalogue.recentTrack(id: track.id, account: other) == nil)
        try await catalogue.markPlayed(id: track.id, account: one)
        #expect(try await catalogue.recentTrack(id: track.id, account: one)?.played != nil)
        _ = try await catalogue.remove(id: track.id, account: one)
        #expect(try await catalogue.recentTrack(id: track.id, account: one) == nil)
    }

    @Test("A locker has no other locker's tracks, artists and albums")
    func keepsLockersApart() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let (one, other) = (try await catalogue.account(named: "one"), try await catalogue.account(named: "other"))
        let (track, _) = try await catalogue.add(account: one, hash: .numbered(1), map: map(), title: "file")
        #expect(try await catalogue.track(id: track.id, account: other) == nil)
        #expect(try await catalogue.remove(id: track.id, account: other) == nil)
        #expect(try await catalogue.tracks(account: other, sort: .added).items.isEmpty)

        let (second, isNew) = try await catalogue.add(account: other, hash: .numbered(1), map: map(), title: "file")
        #expect(isNew && second.id != track.id)
        #expect(second.artistID != track.artistID && second.albumID != track.albumID)
    }

    @Test("An Original is needed as long as a row refers to it")
    func knowsWhetherAnOriginalIsNeeded() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let hash = try OriginalHash.numbered(1)
        let accounts = [try await catalogue.account(named: "one"), try await catalogue.account(named: "other")]
        #expect(try await catalogue.isReferenced(hash) == false)
        for account in accounts { _ = try await catalogue.add(account: account, hash: hash, map: map(), title: "file") }
        for account in accounts {
            #expect(try await catalogue.isReferenced(hash))
            #expect(try await catalogue.remove(hash) == false)
            let track = try #require(try await catalogue.tracks(account: account, sort: .added).items.first)
            #expect(try await catalogue.remove(id: track.id, account: account) == track)
        }
        #expect(try await catalogue.isReferenced(hash) == false)
        #expect(try await catalogue.remove(hash))
    }

    @Test("Artists and albums keep their ids, also over removal and return")
    func identifiesAlbums() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let account = try await catalogue.localAccount()
        func add(_ number: Int, artist: String, albumArtist: String = "", album: String) async throws -> Track {
            let tags = TrackTags(title: "T", artist: artist, albumArtist: albumArtist, album: album)
            return try await catalogue.add(account: account, hash: .numbered(number), map: map(tags), title: "file").track
        }
        let first = try await add(1, artist: "A", album: "Best of")
        let second = try await add(2, artist: "A", album: "Best of")
        let other = try await add(3, artist: "B", album: "Best of")
        let guest = try await add(4, artist: "A & C", albumArtist: "A", album: "Best of")
        #expect(first.albumID == second.albumID && first.artistID == second.artistID)
        #expect(other.albumID != first.albumID)
        #expect(guest.albumID == first.albumID && guest.artistID != first.artistID)
        for track in [first, second, guest] { _ = try await catalogue.remove(id: track.id, account: account) }
        #expect(try await add(1, artist: "A", album: "Best of").albumID == first.albumID)
    }

    @Test("The time of addition grows with every track, whatever the clock does", arguments: [[5, 5, 5], [9, 7, 1]])
    func ordersByAddition(clock: [Int]) async throws {
        // One look for the announcement, one for the row.
        let ticks = Ticks(clock.flatMap { [$0, $0] })
        let fixture = try Fixture { ticks.next() }
        let account = try await fixture.catalogue.localAccount()
        var added: [Int] = []
        for number in 0..<3 {
            added.append(
                try await fixture.catalogue.add(account: account, hash: .numbered(number), map: map(), title: "t").track.added)
        }
        #expect(added == (0..<3).map { clock[0] + $0 })
    }

    @Test(
        "Every track has a title",
        arguments: [
            ("", "file", "file"), ("  ", "file", "file"), ("\0", "file", "file"), ("a\u{7}b", "file", "ab"), ("", "", "Untitled"),
            ("Title", "file", "Title")
        ])
    func namesEveryTrack(tag: String, file: String, title: String) async throws {
        let fixture = try Fixture()
        let account = try await fixture.catalogue.localAccount()
        let (track, _) = try await fixture.catalogue.add(
            account: account, hash: .numbered(1), map: map(TrackTags(title: tag)), title: file)
        #expect(track.title == title)
        #expect(try await fixture.catalogue.track(id: track.id, account: account) == track)
    }

    @Test(
        "The schema refuses impossible rows",
        arguments: [
            "UPDATE track SET sha256 = x'00'", "UPDATE track SET title = ''", "UPDATE track SET samples = 0",
            "UPDATE track SET samples = 'many'", "UPDATE track SET genres = '['", "UPDATE track SET account = 99",
            "UPDATE track SET albumId = '0123456789012345678901'", "INSERT INTO account (name) VALUES ('local')",
            "INSERT INTO account (name) VALUES ('')", "UPDATE track SET id = 'short'"
        ])
    func refusesRowsThatCannotBe(sql: String) async throws {
        let fixture = try Fixture()
        let account = try await fixture.catalogue.localAccount()
        _ = try await fixture.catalogue.add(account: account, hash: .numbered(1), map: map(), title: "file")
        await #expect {
            try await fixture.catalogue.database.write(.keeping) { try $0.run(sql) }
        } throws: { error in
            if case .constraint? = error as? CatalogueError { true } else { false }
        }
    }

    @Test("Random ids use every digit evenly")
    func drawsIdsEvenly() {
        var counts: [Character: Int] = [:]
        for _ in 0..<5_000 {
            let id = Identifier.random()
            #expect(id.count == 22)
            for digit in id { counts[digit, default: 0] += 1 }
        }
        // 1,774 of each expected, standard deviation 42; a byte taken modulo 62 gives eight of them 25 % more.
        #expect(counts.count == 62)
        #expect(counts.values.allSatisfy { (1_500...2_050).contains($0) }, "\(counts)")
    }
}

private final class Tally: Sendable {
    let count = Mutex(0)
}
