import Audio
import Foundation
import Testing

@testable import Locker

@Suite("Exports of listens") struct ListenReaderTests {
    private static let recording = "cf639964-eabb-4c40-9673-c2117e456ea5"
    private static let expected = [
        Listen(at: 1_700_000_000_000, title: "Ünï \"x\" 🎵", artist: "A & B", album: "L", recordings: [recording]),
        Listen(at: 1_700_000_100_000, title: "Two", artist: "C", album: "", recordings: [])
    ]

    /// What the reader says of a text, given in pieces of this many bytes.
    private func read(_ text: String, piece: Int = .max) throws -> (listens: [Listen], ignored: Int) {
        var reader = ListenReader(latest: 2_000_000_000_000)
        var (listens, rest): ([Listen], ArraySlice<UInt8>) = ([], Array(text.utf8)[...])
        while !rest.isEmpty {
            try reader.read(rest.prefix(piece), into: &listens)
            rest = rest.dropFirst(piece)
        }
        try reader.finish(into: &listens)
        return (listens, reader.ignored)
    }

    private static let brainz = [
        #"""
        {"listened_at": 1700000000, "inserted_at": 1, "user_name": "u", "recording_msid": "x", "track_metadata": {"artist_name": "A & B",
        "track_name": "\u00dcn\u00ef \"x\" \ud83c\udfb5", "release_name": "L", "additional_info": {"recording_mbid":
        "CF639964-eabb-4c40-9673-c2117e456ea5", "artist_mbids": ["a", "b"], "deep": {"track_name": "no", "listens": [1]}},
        "mbid_mapping": null}}
        """#,
        #"""
        {"track_metadata": {"mbid_mapping": {"artists": [{"artist_credit_name": "C", "name": "no"}], "recording_mbid": ""},
        "track_name": "Two", "artist_name": "C", "release_name": null}, "listened_at": 1700000100.0}
        """#
    ]

    private static let lastfm = [
        #"""
        {"artist": {"mbid": "", "#text": "A & B"}, "streamable": "0", "image": [{"size": "small", "#text": "no"}], "mbid":
        "cf639964-eabb-4c40-9673-c2117e456ea5", "album": {"mbid": "", "#text": "L"}, "name": "Ünï \"x\" 🎵", "url": "https:\/\/x",
        "date": {"uts": "1700000000", "#text": "14 Nov 2023, 22:13"}}
        """#,
        ##"{"artist":{"name":"C","url":""},"mbid":"","album":{"#text":""},"name":"Two","date":{"uts":"1700000100"},"loved":"0"}"##
    ]

    static let exports: [String] = [
        "[\(brainz.joined(separator: ","))]", brainz.joined(separator: "\n"),
        "\u{FEFF}\n {\"payload\": {\"count\": 2, \"latest_listen_ts\": 9, \"listens\": [\(brainz.joined(separator: ", "))], \"user_id\": \"u\"}}\n",
        #"{"recenttracks": {"@attr": {"user": "u", "page": "1"}, "track": [\#(lastfm.joined(separator: ","))]}}"#,
        #"[{"track":[\#(lastfm[0])],"@attr":{"page":"1"}},{"track":\#(lastfm[1])}]"#,
        "[[\(lastfm[0])],[\(lastfm[1])]]",
        "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\r\n\"1700000000\",\"14 Nov 2023, 22:13\",\"A & B\",\"\",\"L\",\"\",\"Ünï \"\"x\"\" 🎵\",\"\(recording)\"\r\n\"1700000100\",,C,,,,Two,\r\n",
        "Artist;Album;Track Name;Recording MBID;Date\nA & B;L;\"Ünï \"\"x\"\" 🎵\";\(recording);2023-11-14T22:13:20Z\n\nC;;Two;;2023-11-14 22:15:00"
    ]

    @Test("Every kind of export is read alike, in pieces of any size", arguments: exports, [1, 7, Int.max])
    func reads(export: String, piece: Int) throws {
        let found = try read(export, piece: piece)
        #expect(found.listens == Self.expected && found.ignored == 0)
    }

    @Test(
        "lastfmstats.com's exports are read",
        arguments: [
            "Artist;Album;AlbumId;Track;Date#u\nA & B;L;;Two;1700000100500\n",
            "\u{FEFF}\"Artist\";\"Album\";\"AlbumId\";\"Track\";\"Date#u\"\n\"A & B\";\"L\";\"\";\"Two\";\"1700000100500\"\n",
            #"{"username":"u","scrobbles":[{"track":"Two","artist":"A & B","album":"L","albumId":"","date":1700000100500}]}"#
        ])
    func lastfmstats(export: String) throws {
        let found = try read(export).listens
        #expect(found == [Listen(at: 1_700_000_100_500, title: "Two", artist: "A & B", album: "L", recordings: [])])
    }

    @Test("A table without names is artist, album, track and time")
    func unnamed() throws {
        let found = try read("A & B,L,Two,14 Nov 2023 22:13\nX,,Y,\n\"Z, 1\",,Y,15 Nov 2023 00:00")
        #expect(found.listens.map(\.at) == [1_699_999_980_000, 1_700_006_400_000] && found.ignored == 1)
        #expect(found.listens.map(\.artist) == ["A & B", "Z, 1"])
    }

    @Test("What is played now, and at no real time, is left out")
    func ignored() throws {
        let now = ##"{"artist":{"#text":"C"},"name":"Two","@attr":{"nowplaying":"true"}}"##
        let broken = ["0", "-5", "99999999999"].map {
            #"{"listened_at":\#($0),"track_metadata":{"track_name":"t","artist_name":"a"}}"#
        }
        let found = try read("[\(([now] + broken).joined(separator: ","))]")
        #expect(found.listens.isEmpty && found.ignored == 4)
        #expect(try read("[]").listens.isEmpty)
    }

    @Test(
        "What is malformed is refused with its line",
        arguments: [
            ("", 1), ("\n\n", 3), ("[\n{\"a\": 1}\n]", 2), ("[1]", 1), ("[", 1), ("{\"payload\":", 1), ("[\n\n}", 3), ("[{]", 1),
            ("[{\"x\" 1}]", 1), ("[{\"x\":tru}]", 1), ("[{\"x\":0x10}]", 1), ("[{\"x\":\"\\q\"}]", 1), ("[{\"x\":\"a\nb\"}]", 1),
            ("[\n{\"track_metadata\":{\"track_name\":\"t\"},\"listened_at\":5}]", 2),
            ("{\"track_metadata\":{\"track_name\":\"t\",\"artist_name\":\"a\"}}", 1),
            ("{\"listened_at\":\"x\"}", 1), ("[{},]", 1), ("[\"\\ud800", 1), ("PK\u{3}\u{4}", 1), ("\u{1F}\u{8B}", 1),
            ("artist,track\na,b\n", 1), ("a,b,c,d\n", 1), ("artist,track,uts\na,b,5000000\nc,d\n", 3),
            ("artist,track,uts\na,b,c\n", 2), ("artist,track,uts\n\"a,b,5\n", 2), ("artist,track,uts\n\"a\"x,b,5\n", 2),
            (String(repeating: "[", count: 40), 1), ("[{\"x\":\"" + String(repeating: "y", count: 70_000), 1),
            ("artist,track,uts\na," + String(repeating: "y", count: 70_000), 2), (String(repeating: "y", count: 70_000), 1),
            ("[{\"x\":" + String(repeating: "1", count: 99), 1)
        ])
    func malformed(text: String, line: Int) throws {
        let fault = #expect(throws: ListenReader.Malformed.self) { _ = try read(text) }
        #expect(fault?.line == line, "\(fault?.reason ?? "")")
        #expect(fault?.reason.isEmpty == false)
    }

    @Test(
        "What comes before what is malformed is read",
        arguments: [
            #"[{"listened_at": 5000000, "track_metadata": {"track_name": "t", "artist_name": "a"}}, x"#,
            "artist,track,uts\na,t,5000000\nb,c,d\n"
        ])
    func before(text: String) {
        var reader = ListenReader(latest: 2_000_000_000_000)
        var listens: [Listen] = []
        #expect(throws: ListenReader.Malformed.self) {
            try reader.read(text.utf8, into: &listens)
            try reader.finish(into: &listens)
        }
        #expect(listens.map(\.title) == ["t"])
    }

    @Test(
        "Times are in UTC: an offset of nothing is passed over, and another is no time, as on a day that does not exist",
        arguments: [
            ("2026-11-25T20:15+00:00", 0), ("2026-11-25T20:15:02+0000", 2), ("2026-11-25 20:15:02.5-00", 2),
            ("2026-11-25T20:15:02Z", 2),
            ("25 Nov 2026, 20:15", 0), ("2026-11-31 20:15", nil), ("31 Nov 2026, 20:15", nil),
            ("2026-11-25T20:15+02:00", nil), ("2026-11-25T20:15:02-0500", nil)
        ] as [(String, Int?)])
    func offsets(text: String, seconds: Int?) {
        #expect(ListenTime.milliseconds(text) == seconds.map { 1_795_637_700_000 + $0 * 1000 })
    }

    @Test("No bytes whatever end anything but the reading")
    func hostile() {
        var chance = SystemRandomNumberGenerator()
        for export in Self.exports {
            let whole = Array(export.utf8)
            for _ in 0..<200 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...4, using: &chance) {
                    let place = Int.random(in: 0..<bytes.count, using: &chance)
                    switch Int.random(in: 0..<3, using: &chance) {
                    case 0: bytes[place] = UInt8.random(in: 0...255, using: &chance)
                    case 1: bytes.removeSubrange(place...)
                    default: bytes.insert(contentsOf: bytes[..<place].suffix(20), at: place)
                    }
                    if bytes.isEmpty { bytes = [0] }
                }
                var reader = ListenReader(latest: 2_000_000_000_000)
                var listens: [Listen] = []
                try? reader.read(bytes, into: &listens)
                #expect(listens.allSatisfy { (1_000_000...2_000_000_000_000).contains($0.at) })
                try? reader.finish(into: &listens)
            }
        }
    }
}

@Suite("Listens of other services in the history", .everyDriver) struct ListenTests {
    private static let recording = "cf639964-eabb-4c40-9673-c2117e456ea5"
    private let fixture: Fixture
    private let account: Int64
    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture(now: { 3_000_000 })
        account = try await fixture.catalogue.localAccount()
    }

    private func add(
        _ number: Int, _ title: String, by artist: String, on album: String = "L", recording: String = "", artists: [String] = []
    ) async throws -> String {
        var tags = TrackTags(title: title, artist: artist, album: album)
        tags.musicBrainz.recording = recording
        tags.artists = artists
        var map = try map(tags)
        map.samples = 4_410_000
        return try await catalogue.add(account: account, hash: .numbered(number), map: map, title: "-").track.id
    }

    private func bring(_ listens: [Listen], keeping count: Int? = nil, since: Int? = nil) async throws -> ListenCounts {
        let index = try await catalogue.listenIndex(account: account)
        return try await catalogue.add(listens, foundBy: index, account: account, keeping: count, since: since)
    }

    private func tracks() async throws -> [String] {
        try await catalogue.history(account: account).items.reversed().map(\.track.id)
    }

    @Test(
        "A listen is joined by its recording, else by names without case, accents and guests, and its album if they are several")
    func joins() async throws {
        let one = try await add(1, "Wrong name", by: "X", recording: Self.recording)
        let two = try await add(2, "Für Elise (feat. Somebody)", by: "R.E.M. & Guest", artists: ["R.E.M.", "Guest"])
        let first = try await add(3, "Same", by: "B", on: "Best of")
        let second = try await add(4, "Same", by: "B", on: "Élan")
        let signs = try await add(5, "!!", by: "!!!")
        let listens = [
            Listen(
                at: 1_000_000, title: "Own name", artist: "Z",
                recordings: ["00000000-eabb-4c40-9673-c2117e456ea5", Self.recording]),
            Listen(at: 1_010_000, title: "FUR ELISE", artist: "REM"), Listen(at: 1_020_000, title: "für elise", artist: "guest"),
            Listen(at: 1_030_000, title: "same", artist: "b", album: "elan"), Listen(at: 1_040_000, title: "same", artist: "b"),
            Listen(at: 1_050_000, title: "same", artist: "b", album: "unknown"),
            Listen(at: 1_060_000, title: "Fur Elise", artist: "R.E.M. feat. Other"),
            Listen(at: 1_065_000, title: " ! ! ", artist: "!!!"),
            Listen(at: 1_070_000, title: "Same", artist: "C"), Listen(at: 1_080_000, title: "", artist: "")
        ]
        let counts = try await bring(listens)
        #expect(counts.joined == 8 && counts.unknown == 2 && counts.known == 0)
        #expect(try await tracks() == [one, two, two, second, first, first, two, signs])
        let plays = try await catalogue.history(account: account).items
        #expect(plays.allSatisfy { $0.source == .import && $0.heard == nil && $0.stopped == nil })
        #expect(try await catalogue.song(id: first, account: account)?.plays == 2)
        #expect(try await catalogue.track(id: two, account: account)?.played == 1_060_000)
    }

    @Test("The same export again adds nothing, nor does what the player reported itself in the same second")
    func again() async throws {
        let track = try await add(1, "T", by: "A")
        let twin = try await add(2, "T", by: "A", on: "Other")
        try await catalogue.markPlayed(id: twin, account: account, at: 1_500_789)
        let listens = [Listen(at: 1_500_000, title: "T", artist: "A"), Listen(at: 1_600_000, title: "T", artist: "A")]
        #expect(try await bring(listens).joined == 1)
        for _ in 0..<2 {
            let counts = try await bring(listens)
            #expect(counts.known == 2 && counts.joined == 0)
        }
        #expect(try await tracks() == [twin, track])
        #expect(try await catalogue.song(id: track, account: account)?.plays == 1)
    }

    @Test("A full history takes no listens of before its first play, and none of before what is remembered")
    func bounds() async throws {
        let track = try await add(1, "T", by: "A")
        let listens = (1...9).map { Listen(at: 1_000_000 + $0 * 10_000, title: "T", artist: "A") }
        #expect(try await bring(listens, keeping: 3).joined == 9)
        #expect(try await catalogue.history(account: account).items.map(\.at) == [1_090_000, 1_080_000, 1_070_000])
        let again = try await bring(listens, keeping: 3)
        #expect(again.forgotten == 6 && again.known == 3 && again.joined == 0)
        #expect(try await catalogue.song(id: track, account: account)?.plays == 9)
        try await catalogue.eraseHistory(account: account)
        #expect(try await bring(listens, since: 1_050_000).forgotten == 4)
    }

    @Test("An export in pieces is taken as they come, within its bounds; what comes before what is malformed stays")
    func pieces() async throws {
        _ = try await add(1, "T", by: "A")
        let index = try await catalogue.listenIndex(account: account)
        let rows = (1...600).map { "\(1000 + $0 * 2),A,T\n" }
        var listens = ListenImport(foundBy: index, account: account, in: catalogue, keeping: 500, for: .seconds(1900))
        var rest = Array(("uts,artist,track\n" + rows.joined() + "200000,A,T\n").utf8)[...]
        while !rest.isEmpty {
            try await listens.read(rest.prefix(4000))
            rest = rest.dropFirst(4000)
        }
        #expect(listens.counts.joined >= 250)
        try await listens.finish()
        // What was heard 1,900 s before the clock, 3,000, and what is a day ahead of it, are out.
        #expect(listens.counts.joined == 551 && listens.counts.forgotten == 49 && listens.ignored == 1)
        #expect(try await catalogue.history(account: account, limit: 500).items.count == 500)
        var broken = ListenImport(foundBy: index, account: account, in: catalogue)
        await #expect(throws: ListenReader.Malformed.self) {
            try await broken.read("uts,artist,track\n2500,A,T\nnever,A,T\n2600,A,T\n".utf8)
        }
        #expect(broken.counts.joined == 1)
    }

    @Test("Listens are learned from as plays of their time are, at most three a day")
    func taste() async throws {
        let track = try await add(1, "T", by: "A")
        let (early, late) = (try await add(2, "U", by: "A"), 180 * 86_400_000 + 2_000_000)
        try await catalogue.setTaste(true, account: account)
        let listens = (0..<5).map { Listen(at: 1_000_000 + $0 * 10_000, title: "T", artist: "A") }
        _ = try await bring(listens + [Listen(at: late, title: "U", artist: "A"), Listen(at: 2_000_000, title: "U", artist: "A")])
        let weights = Dictionary(
            uniqueKeysWithValues: try await catalogue.tasteRows(account: account).map { ($0.track, $0.weight) })
        #expect(abs((weights[track] ?? 0) - 3.3) < 1e-3)
        #expect(abs((weights[early] ?? 0) - 1.65) < 1e-3)
    }

    @Test("A track that is removed while its listens come is unknown, as is another account's")
    func removed() async throws {
        let track = try await add(1, "T", by: "A")
        let index = try await catalogue.listenIndex(account: account)
        _ = try await catalogue.remove(id: track, account: account)
        let other = try await catalogue.account(named: "other")
        for account in [account, other] {
            let counts = try await catalogue.add(
                [Listen(at: 1_000_000, title: "T", artist: "A")], foundBy: index, account: account)
            #expect(counts.unknown == 1 && counts.joined == 0)
        }
    }

    @Test("The recording of a track of an earlier version is read again from its tags")
    func readAgain() async throws {
        let id = try await add(1, "T", by: "A")
        var tags = TrackTags(title: "T", artist: "A", album: "L")
        tags.musicBrainz.recording = Self.recording
        try await catalogue.retag(.numbered(1), tags)
        #expect(try await bring([Listen(at: 1_000_000, title: "?", artist: "?", recordings: [Self.recording])]).joined == 1)
        // A deleted track has it again when it is put back.
        _ = try await catalogue.remove(id: id, account: account)
        _ = try await catalogue.restore(id: id, account: account, deletedSince: 0, quota: nil)
        #expect(try await bring([Listen(at: 1_010_000, title: "?", artist: "?", recordings: [Self.recording])]).joined == 1)
    }
}
