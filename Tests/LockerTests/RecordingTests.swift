import Audio
import Testing

@testable import Locker

@Suite("Encodes of one recording have its number, in all lockers", .everyDriver) struct RecordingTests {
    private static let features = SoundFeatures((0..<SoundFeatures.count).map { Float($0) })

    private let fixture: Fixture
    private let account: Int64
    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture()
        account = try await fixture.catalogue.localAccount()
    }

    private static func measures(_ song: UInt64?, encode: UInt64 = 0) -> SoundMeasures {
        let fingerprint = song.map { AcousticFingerprint.numbered($0, encode: encode) }
        return SoundMeasures(features: features, fingerprint: fingerprint ?? AcousticFingerprint())
    }

    private func search(_ number: Int, _ song: UInt64, milliseconds: Int? = 22) async throws -> RecordingSearch {
        try await catalogue.recordings(
            like: .numbered(song, encode: UInt64(number)), of: .numbered(number), milliseconds: milliseconds)
    }

    /// Adds an encode of a song to a locker, as an encode of the first candidate.
    @discardableResult
    private func add(_ number: Int, _ song: UInt64?, to other: Int64? = nil) async throws -> Track {
        var choice: RecordingChoice?
        if let song {
            let found = try await search(number, song)
            choice = found.choice(found.candidates.first?.recording)
        }
        return try await catalogue.add(
            Arrival(
                hash: .numbered(number), map: map(), measures: Self.measures(song, encode: UInt64(number)), title: "t",
                recording: choice), account: other ?? account
        ).track
    }

    /// The recordings by the number of the Original.
    private func recordings() async throws -> [Int: Int64] {
        var found: [Int: Int64] = [:]
        for sound in try await catalogue.sounds(after: nil) {
            #expect(sound.features == Self.features)
            found[Int(sound.original.bytes[0])] = sound.recording
        }
        return found
    }

    /// The recordings that the listeners' weights are of.
    private func tastes() throws -> [Int64?] { try catalogue.tastesOfAll().tastes.map(\.recording) }

    private func count(_ table: String) async throws -> Int {
        try await catalogue.database.read { try $0.value("SELECT count(*) FROM \(table)") ?? 0 }
    }

    @Test("Encodes find their recording across lockers, and other songs and sound without a fingerprint have their own")
    func joins() async throws {
        let other = try await catalogue.account(named: "other")
        try await add(1, 1)
        try await add(2, 2)
        try await add(3, 1, to: other)
        try await add(4, nil)
        try await add(5, nil)
        try await add(1, 1, to: other)
        let found = try await recordings()
        #expect(found.count == 5 && found[1] == found[3])
        #expect(Set(found.values).count == 4)
        // Words are those of the first encode alone.
        let words =
            AcousticFingerprint.numbered(1, encode: 1).indexWords.count
            + AcousticFingerprint.numbered(2, encode: 2).indexWords.count
        #expect(try await count("soundWord") == words)
        // The tracks are not touched.
        #expect(try await catalogue.count(account: account) == 4)
        #expect(try await catalogue.count(account: other) == 2)
    }

    @Test("Candidates are about as long, not of this Original alone, and at most 8")
    func candidates() async throws {
        try await add(1, 1)
        #expect(try await search(2, 1).candidates.map(\.lengthDifference) == [0])
        #expect(try await search(2, 1, milliseconds: 7_022).candidates.map(\.lengthDifference) == [-7_000])
        #expect(try await search(2, 1, milliseconds: 7_023).candidates.isEmpty)
        #expect(try await search(1, 1).candidates.isEmpty)
        #expect(try await search(1, 1, milliseconds: nil).candidates.isEmpty)
        #expect(try await search(2, 1, milliseconds: nil).candidates.isEmpty)
        #expect(try await search(2, 2).candidates.isEmpty)
        // The same song over and over, each time as a recording of its own.
        for number in 2...12 {
            let arrival = Arrival(
                hash: try .numbered(number), map: try map(), measures: Self.measures(1, encode: UInt64(number)), title: "t")
            _ = try await catalogue.add(arrival, account: account)
        }
        #expect(try await search(20, 1).candidates.count == 8)
    }

    @Test("A recording that came between the search and the row is not passed over")
    func races() async throws {
        let search = try await search(1, 1)
        try await add(2, 1)
        try await add(3, 3)
        func arrival(_ choice: RecordingChoice) throws -> Arrival {
            Arrival(hash: try .numbered(1), map: try map(), measures: Self.measures(1, encode: 1), title: "t", recording: choice)
        }
        await #expect(throws: CatalogueError.recordingsChanged) {
            try await catalogue.add(arrival(search.choice(nil)), account: account)
        }
        #expect(try await recordings().count == 2)
        #expect(try await catalogue.count(account: account) == 2)
        _ = try await catalogue.add(arrival(search.choice(nil).whateverCame), account: account)
        let found = try await recordings()
        #expect(Set(found.values).count == 3)
        // Measured again, it is found to be an encode of the other, and its own recording ends.
        let again = try await self.search(1, 1)
        let announcement = try await catalogue.announce([.numbered(1)])
        let choice = again.choice(again.candidates.first?.recording)
        let rows = try await catalogue.setMeasures(
            Self.measures(1, encode: 1), of: .numbered(1), recording: choice, announced: announcement)
        #expect(rows == 1)
        let joined = try await recordings()
        #expect(joined[1] == joined[2] && joined[2] == found[2])
        #expect(try await count("recording") == 2)
    }

    @Test("A recording goes with its last Original, and its number is not given again")
    func removes() async throws {
        let tracks = [try await add(1, 1), try await add(2, 1), try await add(3, nil)]
        let recording = try #require(try await recordings()[1])
        for (index, track) in tracks.enumerated() {
            _ = try await catalogue.remove(id: track.id, account: account)
            // A deleted track may be put back as it was.
            #expect(try await recordings()[index + 1] != nil)
            #expect(try await catalogue.remove(.numbered(index + 1)))
            #expect(try await recordings()[index + 1] == nil)
            let words = index == 0 ? AcousticFingerprint.numbered(1, encode: 1).indexWords.count : 0
            #expect(try await count("soundWord") == words)
        }
        #expect(try await count("recording") == 0)
        #expect(try await count("sound") == 0)
        try await add(4, 1)
        let next = try #require(try await recordings()[4])
        #expect(next > recording + 1)
    }

    @Test("Measured again, an Original keeps its recording and gets new features; measures of version 1 say nothing")
    func measuredAgain() async throws {
        try await catalogue.setTaste(true, account: account)
        var old = SoundMeasures()
        old.version = 1
        for number in 1...2 {
            _ = try await catalogue.add(
                Arrival(hash: .numbered(number), map: map(), measures: old, title: "t"), account: account)
        }
        #expect(try await count("sound") == 0)
        let track = try #require(try await catalogue.tracks(account: account, sort: .added).items.first)
        try await catalogue.hide(HiddenItem(item: track.id, recording: nil, title: "t", artist: "a"), account: account)
        for number in 1...2 {
            let search = try await search(number, 1, milliseconds: nil)
            let choice = search.choice(search.candidates.first?.recording)
            let announcement = try await catalogue.announce([.numbered(number)])
            _ = try await catalogue.setMeasures(
                Self.measures(1, encode: UInt64(number)), of: .numbered(number), recording: choice, announced: announcement)
        }
        let found = try await recordings()
        #expect(found.count == 2 && found[1] == found[2])
        #expect(try await catalogue.hidden(account: account).recordings == [found[1]])
        #expect(try await catalogue.unhide(item: track.id, account: account))
        #expect(try tastes() == [found[1], found[2]])
        let silent = try await catalogue.remeasure(.numbered(2), map: map(), measures: SoundMeasures(), art: nil)
        #expect(silent != nil)
        let sounds = try await catalogue.sounds(after: .numbered(1), limit: 1)
        #expect(sounds == [StoredSound(original: try .numbered(2), recording: try #require(found[1]), features: nil)])
    }

    @Test("A track whose Original is replaced has what is learned and hidden of it under the recording of the new one")
    func replaced() async throws {
        try await catalogue.setTaste(true, account: account)
        var (old, new) = (Self.measures(1), Self.measures(2))
        (old.soundHash, new.soundHash) = (5, 5)
        let track = try await catalogue.add(
            Arrival(hash: .numbered(1), map: map(), measures: old, title: "t"), account: account
        ).track
        try await catalogue.hide(HiddenItem(item: track.id, recording: nil, title: "t", artist: "a"), account: account)
        let arrival = Arrival(hash: try .numbered(2), map: try map(), measures: new, title: "t")
        #expect(try await catalogue.replace(track.hash, by: arrival, account: account) != nil)
        let recording = try #require(try await recordings()[2])
        #expect(try await catalogue.hidden(account: account).recordings == [recording])
        #expect(try await catalogue.unhide(item: track.id, account: account))
        #expect(try tastes() == [recording])
    }

    @Test("An Original that turns out to be an encode of another takes the weights of its tracks along, and what is hidden of it")
    func joinsLater() async throws {
        try await catalogue.setTaste(true, account: account)
        try await add(1, 1)
        let track = try await add(2, 2)
        #expect(Set(try tastes()).count == 2)
        let (other, former) = (try await catalogue.account(named: "other"), try await recordings()[2])
        for (account, item) in [(account, track.id), (other, Identifier.random())] {
            try await catalogue.hide(HiddenItem(item: item, recording: former, title: "t", artist: "a"), account: account)
        }
        let search = try await search(2, 1)
        let announcement = try await catalogue.announce([.numbered(2)])
        _ = try await catalogue.setMeasures(
            Self.measures(1, encode: 2), of: .numbered(2), recording: search.choice(search.candidates.first?.recording),
            announced: announcement)
        let found = try await recordings()
        #expect(found[1] == found[2])
        for account in [account, other] { #expect(try await catalogue.hidden(account: account).recordings == [found[1]]) }
        #expect(try tastes().isEmpty)
        #expect(try await catalogue.unhide(item: track.id, account: account))
        #expect(try tastes() == [found[1], found[1]])
    }
}
