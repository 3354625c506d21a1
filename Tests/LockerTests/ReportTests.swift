import Audio
import Foundation
import Testing

@testable import Locker

@Suite("What reports are made of, and reports once made", .everyDriver) struct ReportTests {
    private static let day = 86_400_000
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

    private func add(_ number: Int, _ tags: TrackTags, recording: UInt64? = nil) async throws -> Track {
        var map = try map(tags)
        map.samples = 4_410_000
        var arrival = Arrival(hash: try .numbered(number), map: map, title: "-")
        if let recording {
            arrival.measures = SoundMeasures(fingerprint: .numbered(recording))
            let search = try await catalogue.recordings(
                like: arrival.measures.fingerprint, of: arrival.hash, milliseconds: 100_000)
            arrival.recording = search.choice(search.candidates.first?.recording)
        }
        return try await catalogue.add(arrival, account: account).track
    }

    private func plays(
        _ times: Range<Int> = 0..<Int.max, after last: String? = nil, limit: Int = 100
    ) async throws -> [ReportedPlays] {
        try await catalogue.reportedPlays(account: account, in: times, after: last, limit: limit)
    }

    @Test("Only plays since the account opted in count, and none that were imported or are of another time")
    func plays() async throws {
        let song = try await add(
            1, TrackTags(title: "S", artist: "Ada feat. Eve", albumArtist: "Ada", album: "L", genres: ["Rock", "Pop"]),
            recording: 1)
        let told: [(Int, PlaySource)] = [
            (-1, .player), (0, .player), (1, .import), (2, .subsonic), (5, .player), (9, .scrobble)
        ]
        for (time, source) in told {
            #expect(try await catalogue.markPlayed(id: song.id, account: account, at: Self.noon + time, source: source))
        }
        #expect(try await catalogue.reportedAccounts().isEmpty)
        #expect(try await plays().isEmpty)
        try await catalogue.setTaste(true, account: account)
        #expect(try await catalogue.reportedAccounts().map(\.id) == [account])
        let found = try #require(try await plays(0..<(Self.noon + 9)).first)
        #expect(found.count == 3 && found.times == Self.noon...(Self.noon + 5))
        #expect(found.title == "S" && found.artist == "Ada feat. Eve" && found.album == "L" && found.albumArtist == "Ada")
        #expect(found.artists == ["Ada", "Eve"] && Set(found.genres) == ["Rock", "Pop"] && found.recording != nil)
        #expect(try await plays((Self.noon + 3)..<(Self.noon + 9)).first?.count == 1)
        #expect(try await plays((Self.noon + 10)..<(Self.noon + 11)).isEmpty)
        try await catalogue.setTaste(false, account: account)
        #expect(try await plays().isEmpty)
        #expect(try await catalogue.reportedAccounts().isEmpty)
    }

    @Test("Plays come page by page, a track at a time, with and without a recording")
    func pages() async throws {
        try await catalogue.setTaste(true, account: account)
        for number in 1...5 {
            let recording = number < 4 ? UInt64(number) : nil
            let track = try await add(number, TrackTags(title: "\(number)", artist: "A"), recording: recording)
            // As an Original that is not measured yet.
            if recording == nil { try await catalogue.write { try $0.run("DELETE FROM sound WHERE sha256 = ?", [track.hash]) } }
            for time in 0..<number { _ = try await catalogue.markPlayed(id: track.id, account: account, at: Self.noon + time) }
        }
        var all: [ReportedPlays] = []
        while true {
            let page = try await plays(after: all.last?.track, limit: 2)
            all += page
            guard page.count == 2 else { break }
        }
        #expect(Dictionary(uniqueKeysWithValues: all.map { ($0.title, $0.count) }) == ["1": 1, "2": 2, "3": 3, "4": 4, "5": 5])
        #expect(all.filter { $0.recording != nil }.count == 3 && Set(all.compactMap(\.recording)).count == 3)
    }

    @Test("A month has one report, in one mode, which is never another, whoever opts out")
    func once() async throws {
        let first = StoredReport(month: "2026-10", mode: "k", document: "first")
        #expect(try await catalogue.report(ofMonth: "2026-10") == nil)
        #expect(try await catalogue.add(first, most: 12) == first)
        for mode in ["k", "dp"] {
            #expect(try await catalogue.add(StoredReport(month: "2026-10", mode: mode, document: "second"), most: 12) == first)
        }
        try await catalogue.setTaste(true, account: account)
        try await catalogue.setTaste(false, account: account)
        _ = try await catalogue.removeAccount(id: account)
        #expect(try await fixture.another().report(ofMonth: "2026-10") == first)
        for statement in ["UPDATE report SET document = 'second'", "DELETE FROM report"] {
            await #expect(throws: CatalogueError.self) { try await catalogue.write { try $0.run(statement) } }
        }
        #expect(try await catalogue.report(ofMonth: "2026-10") == first)
    }

    @Test("A year has no more reports of a mode than there may be")
    func budget() async throws {
        for number in 1...3 {
            let report = StoredReport(month: "2026-0\(number)", mode: "dp", document: "\(number)")
            #expect(try await catalogue.add(report, most: 2) == (number < 3 ? report : nil))
        }
        #expect(try await catalogue.reportCount(ofYear: 2026, mode: "dp") == 2)
        #expect(try await catalogue.reportCount(ofYear: 2026, mode: "k") == 0)
        // What is made can be read, and other modes and years are free.
        #expect(try await catalogue.add(StoredReport(month: "2026-01", mode: "dp", document: "x"), most: 2)?.document == "1")
        for (month, mode) in [("2026-03", "k"), ("2027-01", "dp"), ("2025-12", "dp")] {
            #expect(try await catalogue.add(StoredReport(month: month, mode: mode, document: "y"), most: 2) != nil)
        }
    }
}
