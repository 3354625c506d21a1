import Audio
import Foundation
import Synchronization
import Testing

@testable import Locker

@Suite("What is learned of an account's taste", .everyDriver) struct TasteTests {
    private static let day = 86_400_000
    /// Milliseconds since 1970 of some day's noon.
    private static let noon = 20_000 * day + day / 2

    private let clock: SetClock
    private let fixture: Fixture
    private let account: Int64
    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        let clock = SetClock(Self.noon)
        self.clock = clock
        fixture = try Fixture(now: { clock.time })
        account = try await fixture.catalogue.localAccount()
    }

    /// A track of 100 s.
    private func add(_ number: Int, for account: Int64? = nil) async throws -> Track {
        var map = try map(TrackTags(title: "\(number)", artist: "A", album: "L"))
        map.samples = 4_410_000
        return try await catalogue.add(
            account: account ?? self.account, hash: .numbered(number), map: map, title: "-"
        ).track
    }

    private func weights(of account: Int64? = nil) async throws -> [String: Double] {
        let rows = try await catalogue.tasteRows(account: account ?? self.account)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.track, $0.weight) })
    }

    private func weight(of track: Track) async throws -> Double? { try await weights()[track.id] }

    /// Weights are sums of what has faded for moments.
    private func isNear(_ weight: Double?, _ expected: Double) -> Bool { abs((weight ?? .nan) - expected) < 1e-6 }

    private func play(_ track: Track, at time: Int, heard: Int? = nil) async throws {
        #expect(try await catalogue.markPlayed(id: track.id, account: account, at: time, heard: heard, source: .player))
    }

    @Test("Nothing is learned until the account opts in, and skips are not kept")
    func off() async throws {
        let track = try await add(1)
        #expect(
            try await catalogue.taste(account: account)
                == TasteState(since: nil, asked: nil, plays: 0, skips: 0, tracks: 0))
        try await play(track, at: Self.noon)
        try await play(track, at: Self.noon + 1, heard: 5_000)
        _ = try await catalogue.setFavourite(true, .track, id: track.id, account: account)
        #expect(try await weights().isEmpty)
        #expect(try await catalogue.skips(account: account).items.isEmpty)
        #expect(try await catalogue.history(account: account).items.count == 1)
        #expect(try await catalogue.taste(account: 99) == nil)
        #expect(try await catalogue.setTaste(true, account: 99) == nil)
    }

    @Test("A play weighs 1, owning 0.3, a favourite or five stars 2 together, a skip half a play less")
    func gains() async throws {
        try await catalogue.setTaste(true, account: account)
        let track = try await add(1)
        #expect(isNear(try await weight(of: track), 0.3))
        try await play(track, at: Self.noon, heard: 50_000)
        #expect(isNear(try await weight(of: track), 1.3))
        #expect(try await catalogue.setRating(5, .track, id: track.id, account: account))
        #expect(isNear(try await weight(of: track), 3.3))
        #expect(try await catalogue.setFavourite(true, .track, id: track.id, account: account))
        #expect(try await catalogue.setFavourite(true, .track, id: track.id, account: account))
        #expect(isNear(try await weight(of: track), 3.3))
        #expect(try await catalogue.setRating(0, .track, id: track.id, account: account))
        #expect(isNear(try await weight(of: track), 3.3))
        #expect(try await catalogue.setFavourite(false, .track, id: track.id, account: account))
        #expect(isNear(try await weight(of: track), 1.3))
        try await play(track, at: Self.noon + 1, heard: 19_999)
        #expect(isNear(try await weight(of: track), 0.8))
        #expect(try await catalogue.skips(account: account).items.map(\.heard) == [19_999])
        // An album's mark says nothing of its tracks.
        #expect(try await catalogue.setFavourite(true, .album, id: track.albumID, account: account))
        #expect(isNear(try await weight(of: track), 0.8))
    }

    @Test("Too little for a play and too much for a skip is neither", arguments: [20_000, 35_000, 49_998])
    func between(heard: Int) async throws {
        try await catalogue.setTaste(true, account: account)
        let track = try await add(1)
        try await play(track, at: Self.noon, heard: heard)
        #expect(try await catalogue.history(account: account).items.isEmpty)
        #expect(try await catalogue.skips(account: account).items.isEmpty)
        #expect(isNear(try await weight(of: track), 0.3))
    }

    @Test("Half is left after 180 days, whichever of two plays is told first")
    func fades() async throws {
        try await catalogue.setTaste(true, account: account)
        let (one, two) = (try await add(1), try await add(2))
        let later = Self.noon + 180 * Self.day
        for (track, times) in [(one, [Self.noon, later]), (two, [later, Self.noon])] {
            for time in times { try await play(track, at: time) }
        }
        let rows = try await catalogue.tasteRows(account: account)
        #expect(rows.count == 2 && rows.allSatisfy { $0.at == later && abs($0.weight - 1.65) < 1e-9 }, "\(rows)")
    }

    @Test("Three plays of a track count on one day, and plays of what is not longer than half a minute never do")
    func repeats() async throws {
        try await catalogue.setTaste(true, account: account)
        let track = try await add(1)
        for number in 0..<5 { try await play(track, at: Self.noon + number) }
        #expect(abs((try await weight(of: track) ?? 0) - 3.3) < 1e-6)
        try await play(track, at: Self.noon + Self.day)
        #expect(try await weight(of: track) ?? 0 > 4.2)
        let short = try await catalogue.add(account: account, hash: .numbered(2), map: map(), title: "short").track
        try await play(short, at: Self.noon)
        #expect(isNear(try await weight(of: short), 0.3))
    }

    @Test("Of five plays or skips on one day three still count after one turns out to be none", arguments: [true, false])
    func takenBack(isPlay: Bool) async throws {
        try await catalogue.setTaste(true, account: account)
        let track = try await add(1)
        for number in 0..<5 { try await play(track, at: Self.noon + number, heard: isPlay ? nil : 1000) }
        try await play(track, at: Self.noon, heard: isPlay ? 1000 : 90_000)
        #expect(abs((try await weight(of: track) ?? 0) - (isPlay ? 0.3 + 3 - 0.5 : 0.3 - 1.5 + 1)) < 1e-6)
    }

    @Test("What a play heard may be told later, and is what counts")
    func later() async throws {
        try await catalogue.setTaste(true, account: account)
        let track = try await add(1)
        try await play(track, at: Self.noon)
        #expect(isNear(try await weight(of: track), 1.3))
        for (heard, weight, skips) in [(10_000, -0.2, 1), (10_000, -0.2, 1), (90_000, 1.3, 0), (30_000, 0.3, 0), (5_000, -0.2, 1)]
        {
            try await play(track, at: Self.noon, heard: heard)
            #expect(isNear(try await self.weight(of: track), weight), "\(heard)")
            #expect(try await catalogue.skips(account: account).items.count == skips)
            let plays = try await catalogue.history(account: account).items
            #expect(plays.map(\.heard) == (heard == 90_000 ? [90_000] : []))
            #expect(try await catalogue.song(id: track.id, account: account)?.plays == plays.count)
            #expect(try await catalogue.track(id: track.id, account: account)?.played == plays.first?.at)
        }
        try await play(track, at: Self.noon, heard: 90_000)
        #expect(isNear(try await weight(of: track), 1.3))
        #expect(try await catalogue.history(account: account).items.first?.source == .player)
    }

    /// What opting in finds is what would have been learned meanwhile, but for the time of ratings, which no row has.
    @Test("Opting in begins with what is owned, marked and in the history")
    func begins() async throws {
        let other = try await catalogue.account(named: "other")
        try await catalogue.setTaste(true, account: account)
        var chance = SystemRandomNumberGenerator()
        var tracks: [Track] = []
        for number in 0..<4 { tracks.append(try await add(number)) }
        let theirs = try await add(9, for: other)
        for _ in 0..<60 {
            clock.time += Int.random(in: 1...Self.day, using: &chance)
            let track = tracks.randomElement(using: &chance) ?? tracks[0]
            switch Int.random(in: 0...5, using: &chance) {
            case 0: _ = try await catalogue.setFavourite(true, .track, id: track.id, account: account)
            default: try await play(track, at: clock.time, heard: [nil, 60_000, 90_000].randomElement(using: &chance) ?? nil)
            }
        }
        let learned = try await weights()
        try await catalogue.setTaste(false, account: account)
        #expect(try await weights().isEmpty)
        let state = try #require(try await catalogue.setTaste(true, account: account))
        #expect(state.since == clock.time && state.asked == Self.noon && state.tracks == 4 && state.plays > 0)
        for (track, weight) in try await weights() { #expect(abs(weight - (learned[track] ?? 0)) < 1e-6) }
        #expect(try await catalogue.taste(account: other)?.since == nil)
        #expect(try await weights(of: other)[theirs.id] == nil)
        // Opting in again changes nothing.
        clock.time += 1
        #expect(try await catalogue.setTaste(true, account: account) == state)
    }

    @Test("A deleted track, an erased time and an erased history take their part with them; a track put back has its own again")
    func erased() async throws {
        try await catalogue.setTaste(true, account: account)
        let (one, two) = (try await add(1), try await add(2))
        for time in [0, Self.day, 2 * Self.day] { try await play(one, at: Self.noon + time) }
        try await play(one, at: Self.noon + Self.day + 1, heard: 1_000)
        try await play(two, at: Self.noon)
        let all = try await weights()
        try await catalogue.eraseHistory(account: account, in: Self.noon + Self.day..<Self.noon + 2 * Self.day)
        #expect(try await catalogue.history(account: account).items.map(\.at) == [Self.noon + 2 * Self.day, Self.noon, Self.noon])
        #expect(try await catalogue.skips(account: account).items.isEmpty)
        #expect(try await weights()[two.id] == all[two.id])
        let less = try #require(try await weights()[one.id])
        #expect(abs(less - (all[one.id] ?? 0)) > 0.4 && less < 2.3 && less > 2.2)
        #expect(try await catalogue.song(id: one.id, account: account)?.plays == 2)

        _ = try await catalogue.remove(id: one.id, account: account)
        #expect(try await weights().keys.map(\.self) == [two.id])
        _ = try await catalogue.restore(id: one.id, account: account, deletedSince: 0, quota: nil)
        #expect(abs((try await weights()[one.id] ?? 0) - less) < 1e-9)
        let back = try await catalogue.history(account: account).items
        #expect(back.count == 3 && back.allSatisfy { $0.source == .player })

        try await catalogue.eraseHistory(account: account)
        #expect(try await weights() == [one.id: 0.3, two.id: 0.3])
        #expect(try await catalogue.song(id: one.id, account: account)?.plays == 0)
        // Plays that are forgotten for their number still count, until all is erased.
        for time in [20, 30] {
            #expect(try await catalogue.markPlayed(id: one.id, account: account, at: time, keeping: 1))
        }
        try await catalogue.eraseHistory(account: account, in: 30..<31)
        #expect(try await catalogue.song(id: one.id, account: account)?.plays == 1)
        try await catalogue.eraseHistory(account: account)
        #expect(try await catalogue.song(id: one.id, account: account)?.plays == 0)
    }

    @Test("Whoever watches for erasures is told of them by whichever process, and of nothing else")
    func watched() async throws {
        let told = Mutex<[Int64?]>([])
        let other = try fixture.another()
        let track = try await add(1)
        try await catalogue.lookForChanges()
        catalogue.watchErasures { account in told.withLock { $0.append(account) } }
        func take() async throws -> [Int64?] {
            try await catalogue.lookForChanges()
            return told.withLock { told in
                defer { told = [] }
                return told
            }
        }
        for acting in [catalogue, other] {
            try await acting.setTaste(true, account: account)
            #expect(try await acting.markPlayed(id: track.id, account: account, at: Self.noon))
            #expect(try await take().isEmpty)
            try await acting.eraseHistory(account: account, in: 0..<1)
            try await acting.eraseHistory(account: account)
            try await acting.setTaste(false, account: account)
            let accounts = try await take()
            #expect(Set(accounts) == [account] && !accounts.isEmpty)
        }
        _ = try await other.removeAccount(id: account)
        // No row says whose.
        #expect(try await take() == [nil])
        try other.close()
    }

    @Test("What an account hides is not told of it to others; opting out forgets what of that it does not own")
    func hides() async throws {
        try await catalogue.setTaste(true, account: account)
        let tracks = [try await add(1), try await add(2)]
        let hidden = try #require(try await catalogue.recording(of: tracks[0].hash))
        let shown = try #require(try await catalogue.recording(of: tracks[1].hash))
        #expect(try catalogue.tastesOfAll().tastes.count == 2)
        for (item, recording) in [(tracks[0].id, hidden), (Identifier.random(), 99)] {
            try await catalogue.hide(HiddenItem(item: item, recording: recording, title: "t", artist: "a"), account: account)
        }
        // Pages go on behind one of which nothing is left.
        let (found, artists) = try catalogue.tastesOfAll(page: 1)
        #expect(found.map(\.recording) == [shown])
        // The names of artists are those of listeners alone.
        #expect(artists[hidden] != nil)
        try await catalogue.setTaste(false, account: account)
        #expect(try await catalogue.hiddenItems(account: account).items.map(\.item) == [tracks[0].id])
        #expect(try catalogue.tastesOfAll().artists.isEmpty)
    }

    @Test("An erased time takes the last plays of tracks and albums back, and is not brought back by a deleted track")
    func lastPlays() async throws {
        let (one, two) = (try await add(1), try await add(2))
        for time in [10, 20, 30] { try await play(one, at: time) }
        try await play(two, at: 25)
        _ = try await catalogue.remove(id: two.id, account: account)
        try await catalogue.eraseHistory(account: account, in: 20..<40)
        #expect(try await catalogue.track(id: one.id, account: account)?.played == 10)
        let album: Int? = try await catalogue.database.read { try $0.value("SELECT max(played) FROM album") }
        #expect(album == 10)
        _ = try await catalogue.restore(id: two.id, account: account, deletedSince: 0, quota: nil)
        #expect(try await catalogue.history(account: account).items.map(\.at) == [10])
        #expect(try await catalogue.song(id: two.id, account: account)?.plays == 0)
        #expect(try await catalogue.track(id: two.id, account: account)?.played == nil)
        // Nothing lies there.
        try await catalogue.eraseHistory(account: account, in: 40..<40)
        #expect(try await catalogue.history(account: account).items.count == 1)
    }

    @Test("Plays and skips of before a time are forgotten, in every account, and still count")
    func age() async throws {
        try await catalogue.setTaste(true, account: account)
        let track = try await add(1)
        for time in [10, 20, 30] { try await play(track, at: time) }
        try await play(track, at: 15, heard: 1)
        var turns = 0
        while try await catalogue.forgetHistory(before: 30, limit: 1), turns < 9 { turns += 1 }
        #expect(turns == 2)
        #expect(try await catalogue.history(account: account).items.map(\.at) == [30])
        #expect(try await catalogue.taste(account: account)?.skips == 0)
        #expect(try await catalogue.song(id: track.id, account: account)?.plays == 3)
    }

    @Test("The weights of all accounts come in pages, and go with their account")
    func pages() async throws {
        let other = try await catalogue.account(named: "other")
        for account in [account, other] {
            try await catalogue.setTaste(true, account: account)
            for number in 0..<3 { _ = try await add(number, for: account) }
        }
        let rows = try catalogue.tastesOfAll(page: 2).tastes
        #expect(rows.count == 6 && Set(rows).count == 6 && Set(rows.map(\.account)) == [account, other])
        _ = try await catalogue.removeAccount(id: other)
        #expect(try catalogue.tastesOfAll().tastes.map(\.account) == [account, account, account])
    }

    @Test("What was heard of a play is at most the track's length in the sums of a year")
    func heardAtMost() async throws {
        let track = try await add(1)
        for (time, heard) in [(1, nil), (2, 60_000), (3, 9_000_000)] as [(Int, Int?)] {
            try await play(track, at: time, heard: heard)
        }
        let whole = Int((track.duration * 1000).rounded(.down))
        #expect(try await catalogue.mostPlayed(account: account, in: 0..<9).heard == 60_000 + 2 * whole)
    }

    @Test("A departure is counted for each listener that opts out, erases history or is removed, and for nothing else")
    func departures() async throws {
        let track = try await add(1)
        var known = 0
        func left() async throws -> Int {
            let now = try await catalogue.departures()
            defer { known = now }
            return now - known
        }
        try await play(track, at: Self.noon)
        try await catalogue.eraseHistory(account: account)
        try await catalogue.setTaste(true, account: account)
        try await play(track, at: Self.noon)
        #expect(try await left() == 0)
        let sign = try #require(try await catalogue.listeners()[account])
        try await catalogue.eraseHistory(account: account, in: 0..<1)
        #expect(try await left() == 0)
        try await catalogue.eraseHistory(account: account, in: 0..<Int.max)
        #expect(try await left() == 1)
        #expect(try await catalogue.listeners()[account] != sign)
        try await catalogue.eraseHistory(account: account)
        #expect(try await left() == 1)
        try await catalogue.setTaste(false, account: account)
        #expect(try await left() == 1)
        try await catalogue.setTaste(true, account: account)
        _ = try await catalogue.removeAccount(id: account)
        #expect(try await left() == 1)
    }

    @Test("Of several names that of most accounts is taken, whoever has many encodes; of an album too few agree on, none")
    func names() throws {
        var tally = NameTally(agreed: 3)
        func goesOn(_ title: String, _ account: Int64, album: String = "") -> Bool {
            tally.add(NameTally.Vote(title: title, artist: "a", album: album, genres: "[]", milliseconds: 1, account: account))
        }
        for _ in 0..<9 { #expect(goesOn("mine", 1)) }
        for account in 2...3 as ClosedRange<Int64> { #expect(goesOn("ours", account, album: "x")) }
        #expect(try tally.name() == nil)
        #expect(goesOn("ours", 4))
        #expect(try tally.name()?.title == "ours")
        #expect(try tally.name()?.album == "")
        for account in 5...20 as ClosedRange<Int64> { #expect(goesOn("ours", account, album: "x")) }
        // Twenty of one mind are enough.
        #expect(!goesOn("ours", 21, album: "x"))
        #expect(try tally.name()?.album == "x")
    }

    @Test("What was learned is in no byte of the file or its log after opting out, erasing or the account's removal")
    func bytes() async throws {
        /// As SQLite stores it (https://sqlite.org/fileformat2.html#record_format): six bytes, the highest first.
        func stored(_ time: Int) -> [UInt8] { (0..<6).reversed().map { UInt8(truncatingIfNeeded: time >> ($0 * 8)) } }
        func isFound(_ time: Int) -> Bool {
            ["", "-wal"].contains { suffix in
                let data = (try? Data(contentsOf: URL(filePath: fixture.path + suffix))) ?? Data()
                return data.firstRange(of: Data(stored(time))) != nil
            }
        }
        let track = try await add(1)
        // Times that nothing else has.
        let (skipped, played) = (1_234_567_890_123, 1_357_924_680_135)
        for end in 0..<3 {
            try await catalogue.setTaste(true, account: account)
            try await play(track, at: skipped, heard: 10)
            try await play(track, at: played, heard: 90_000)
            #expect(isFound(skipped) && isFound(played))
            switch end {
            case 0:
                try await catalogue.setTaste(false, account: account)
                #expect(!isFound(skipped) && isFound(played))
            case 1:
                try await catalogue.eraseHistory(account: account)
                #expect(!isFound(skipped) && !isFound(played))
            default:
                _ = try await catalogue.removeAccount(id: account)
                #expect(!isFound(skipped) && !isFound(played))
            }
        }
    }
}
