import Audio
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Locker

@Suite("Smart playlists", .everyDriver) struct SmartPlaylistTests {
    private static let day = 20_787
    private let clock = SetClock(day * 86_400_000 + 5_000)
    private let fixture: Fixture
    private let account: Int64
    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture(now: { [clock] in clock.time })
        account = try await fixture.catalogue.localAccount()
    }

    private static let words = [
        "Love", "lóve", "LOVE%", "100_%", "O'Hara", "!x", "Ü", "straße", "'; DROP TABLE track; --", "\\", "Кино", "a?b"
    ]
    private static let artists = ["Björk", "bjork", "A; B", "Кино", "", "The Band", "%"]

    /// Tracks that differ in everything that rules can ask for.
    private func fill(_ count: Int, _ random: inout SeededGenerator) async throws {
        for number in 0..<count {
            let title = (0..<Int.random(in: 1...3, using: &random)).map { _ in Self.words.randomElement(using: &random) ?? "" }
            let genres = ["Rock", "rock ", "Jazz", "Très chic", "100%"].filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
            let tags = TrackTags(
                title: title.joined(separator: " "), artist: Self.artists.randomElement(using: &random) ?? "",
                albumArtist: ["", "Björk", "Various"].randomElement(using: &random) ?? "",
                album: ["", "Love", "L_ve", "Żółw"].randomElement(using: &random) ?? "",
                track: Int.random(in: 0...3, using: &random),
                year: [0, 1979, 1980, 1989, 1990, 2024].randomElement(using: &random) ?? 0, genres: genres)
            clock.time += 1
            _ = try await catalogue.add(account: account, hash: .numbered(number), map: map(tags), title: "t")
        }
        let ids = try await catalogue.database.read { [account] db in
            try db.values("SELECT id FROM track WHERE account = ? ORDER BY added", [account]) as [String]
        }
        let formats = [("flac", "flac"), ("mp3", "mp3"), ("ogg", "opus"), ("ogg", "vorbis"), ("mp4", "aac"), ("mp4", "alac")]
        for (number, id) in ids.enumerated() {
            func one(_ values: Int...) -> Int { values.randomElement(using: &random) ?? 0 }
            let time = Self.day * 86_400_000
            let (container, codec) = formats.randomElement(using: &random) ?? ("", "")
            let isLoved = one(0, 0, 1)
            let fields: [Field] = [
                ("added", one(time, time - 2 * 86_400_000, time - 40 * 86_400_000) + number), ("container", container),
                ("codec", codec), ("disc", one(0, 1, 2)),
                ("samples", one(44_100, 441_000, 999_983)), ("sampleRate", one(44_100, 48_000, 96_000)),
                ("bitrate", one(0, 128, 320, 900)), ("tempo", one(0, 90, 128)), ("bitsPerSample", one(0, 16, 24)),
                ("channels", one(1, 2)), ("bytes", one(1, 5_000, 3_000_000)), ("plays", one(0, 0, 1, 7)),
                ("played", one(0, time, time - 1, time + 4_000, time - 30 * 86_400_000, time - 400 * 86_400_000)),
                ("rating", one(0, 0, 3, 5)), ("favourite", isLoved * one(time, time - 86_400_000, time - 3 * 86_400_000)),
                ("isCompilation", one(0, 1)), ("art", isLoved == 0 ? nil : [UInt8](repeating: 1, count: 32)),
                ("artType", isLoved == 0 ? nil : "image/png")
            ]
            let skips = one(0, 0, 2)
            try await catalogue.database.write(.keeping) { [account] db in
                try db.update("track", fields, where: [("id", id)])
                for skip in 0..<skips {
                    try db.insert(
                        into: "skip", [("account", account), ("at", skip), ("track", id), ("heard", 1), ("source", "player")])
                }
            }
        }
        catalogue.smartLists.note(.all, of: nil)
    }

    private func members(_ rules: SmartRules, _ id: String = "x") async throws -> [String] {
        try await catalogue.evaluation(of: rules, id: id, account: account).ids
    }

    /// A value that some tracks have, or nearly have.
    private static func value(
        _ field: SmartField, _ comparison: SmartOperator, _ oracle: SmartOracle, _ random: inout SeededGenerator
    ) -> SmartRules.Value {
        let row = oracle.rows.randomElement(using: &random)
        switch field.kind {
        case .text:
            let text = Array(row?.texts[field]?.randomElement(using: &random) ?? "x")
            let part = text.isEmpty ? 0..<0 : Int.random(in: 0..<text.count, using: &random)..<text.count
            let piece = String(text[part.prefix(Int.random(in: 1...4, using: &random))])
            let whole = String(text)
            return .text([.is, .isNot].contains(comparison) ? whole : piece.isEmpty ? "o" : piece)
        case .number:
            let near = [-1.0, 0, 0, 0.5, 1]
            let values = (0..<2).map { _ in
                (oracle.rows.randomElement(using: &random)?.numbers[field] ?? 0) + (near.randomElement(using: &random) ?? 0)
            }
            return comparison == .inTheRange ? .numbers(values.min() ?? 0, values.max() ?? 0) : .number(values[0])
        case .date:
            let days = (0..<2).map { _ in
                (oracle.rows.randomElement(using: &random)?.times[field] ?? 0) / 86_400_000
                    + Int.random(in: -1...1, using: &random)
            }
            if [.inTheLast, .notInTheLast].contains(comparison) {
                return .span([0, 1, 2, 3, 30, 400].randomElement(using: &random) ?? 0)
            }
            return comparison == .inTheRange ? .days(days.min() ?? 0, days.max() ?? 0) : .day(days[0])
        case .bool: return .flag(Bool.random(using: &random))
        case .playlist: return .playlist(oracle.playlists.keys.sorted().randomElement(using: &random) ?? "none")
        }
    }

    private static func test(
        _ oracle: SmartOracle, _ random: inout SeededGenerator
    ) -> SmartRules.Expression {
        let field = SmartField.allCases.randomElement(using: &random) ?? .title
        let comparison = SmartOperator.all(for: field.kind).randomElement(using: &random) ?? .is
        return .test(
            SmartRules.Test(field: field, comparison: comparison, value: value(field, comparison, oracle, &random)))
    }

    private func oracle(_ random: inout SeededGenerator) async throws -> SmartOracle {
        try await fill(160, &random)
        var oracle = try await SmartOracle(of: catalogue, account: account, day: Self.day)
        for count in [0, 20] {
            let tracks = oracle.rows.shuffled(using: &random).prefix(count).map(\.id)
            let list = try await catalogue.addPlaylist(named: "p", tracks: tracks + tracks.prefix(1), account: account)
            oracle.playlists[list.id] = tracks
        }
        oracle.playlists["none"] = []
        return oracle
    }

    @Test("Each operator of each field finds what comparing the rows in Swift finds")
    func fields() async throws {
        var random = SeededGenerator(for: "smart fields")
        let oracle = try await oracle(&random)
        for field in SmartField.allCases {
            for comparison in SmartOperator.all(for: field.kind) {
                var counts: Set<Int> = []
                for _ in 0..<12 {
                    let test = SmartRules.Test(
                        field: field, comparison: comparison, value: Self.value(field, comparison, oracle, &random))
                    let rules = SmartRules(condition: .all([.test(test)]), sorts: [], isReversed: false)
                    let found = try await members(rules)
                    #expect(found == oracle.members(of: rules, id: "x"), "\(test)")
                    counts.insert(found.count)
                }
                // A test in which nothing was ever found, or left out, would say nothing.
                #expect(counts.contains { $0 > 0 } || field == .id, "\(field) \(comparison)")
                #expect(counts.contains { $0 < oracle.rows.count }, "\(field) \(comparison)")
            }
        }
    }

    @Test("An unknown artist, album artist, album or genre is an empty one")
    func unknown() async throws {
        let known = TrackTags(title: "known", artist: "A", album: "L", genres: ["Rock"])
        for (number, tags) in [known, TrackTags(title: "bare")].enumerated() {
            _ = try await catalogue.add(account: account, hash: .numbered(number), map: map(tags), title: "t")
        }
        for field in ["artist", "albumartist", "album", "genre"] {
            for (operation, title) in [("is", "bare"), ("isNot", "known")] {
                let list = try await catalogue.addPlaylist(
                    named: "p", rules: rules(#"{"all": [{"\#(operation)": {"\#(field)": ""}}]}"#), account: account)
                let found = try await titles(catalogue.tracks(ofPlaylist: list.id, account: account))
                #expect(found == [title], "\(operation) \(field)")
            }
        }
    }

    @Test("Groups within groups, orders and limits give the list that Swift gives")
    func whole() async throws {
        var random = SeededGenerator(for: "smart rules")
        let oracle = try await oracle(&random)
        func group(_ depth: Int) -> SmartRules.Expression {
            let parts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                depth < 4 && Int.random(in: 0..<3, using: &random) == 0 ? group(depth + 1) : Self.test(oracle, &random)
            }
            return Bool.random(using: &random) ? .all(parts) : .any(parts)
        }
        let fields = SmartField.allCases.filter { $0 != .id }.map(Optional.some) + [nil, nil, nil]
        for number in 0..<300 {
            let sorts = fields.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)).map { field in
                SmartRules.Sort(field: field, isDescending: Bool.random(using: &random))
            }
            let rules = SmartRules(
                condition: group(1), sorts: Array(sorts), isReversed: Bool.random(using: &random),
                limit: Bool.random(using: &random) ? Int.random(in: 1...50, using: &random) : nil)
            #expect(try await members(rules, "\(number % 5)") == oracle.members(of: rules, id: "\(number % 5)"), "\(rules)")
            #expect(try SmartRules(rules.json) == rules)
        }
    }

    private func tracks(_ count: Int) async throws -> [String] {
        var ids: [String] = []
        for number in 0..<count {
            clock.time += 1
            let tags = TrackTags(title: String(format: "%03d", number), artist: "A", album: "L", year: 2000 + number)
            ids.append(try await catalogue.add(account: account, hash: .numbered(number), map: map(tags), title: "t").track.id)
        }
        return ids
    }

    private func titles(_ page: Page<Track>?) -> [String] { page?.items.map(\.title) ?? [] }

    @Test("A smart playlist has the tracks of now: a play, a mark and a tag change it, and its count and length with it")
    func now() async throws {
        let ids = try await tracks(4)
        let list = try await catalogue.addPlaylist(
            named: "p", rules: rules(#"{"any": [{"gt": {"playcount": 0}}, {"is": {"loved": true}}, {"is": {"title": "new"}}]}"#),
            account: account)
        #expect(list.tracks == 0 && list.duration == 0 && list.rules != nil)
        clock.time += 10
        try await catalogue.markPlayed(id: ids[2], account: account)
        #expect(try await titles(catalogue.tracks(ofPlaylist: list.id, account: account)) == ["002"])
        #expect(try await catalogue.playlist(id: list.id, account: account)?.changed == clock.time)
        _ = try await catalogue.setFavourite(true, .track, id: ids[1], account: account)
        var edit = TagEdit()
        edit.title = "New"
        _ = try await catalogue.edit(edit, ofTrack: ids[3], account: account)
        #expect(try await titles(catalogue.tracks(ofPlaylist: list.id, account: account, at: 0)) == ["001", "002", "New"])
        let shown = try #require(try await catalogue.playlists(account: account).items.first)
        #expect(shown.tracks == 3 && abs(shown.duration - 3 * 1000 / 44_100.0) < 1e-5)
        #expect(try await catalogue.songs(ofPlaylist: list.id, account: account)?.map(\.track.id) == [ids[1], ids[2], ids[3]])
        _ = try await catalogue.remove(id: ids[1], account: account)
        #expect(try await titles(catalogue.tracks(ofPlaylist: list.id, account: account)) == ["002", "New"])
        // What another process changes is seen when it is looked for.
        let another = try fixture.another(now: { [clock] in clock.time })
        try await another.markPlayed(id: ids[0], account: account, at: clock.time)
        try await catalogue.lookForChanges()
        #expect(try await catalogue.playlist(id: list.id, account: account)?.tracks == 3)
        try another.close()
        #expect(try await catalogue.removePlaylist(id: list.id, account: account))
        #expect(try await catalogue.tracks(ofPlaylist: list.id, account: account) == nil)
    }

    @Test(
        "All pages are of the members that the first page was of, also when they changed meanwhile, and no page is lost if they were forgotten"
    )
    func pages() async throws {
        let ids = try await tracks(25)
        let list = try await catalogue.addPlaylist(
            named: "p", rules: rules(#"{"all": [{"gt": {"year": 1}}], "sort": "-playcount,title"}"#), account: account)
        let first = try #require(try await catalogue.tracks(ofPlaylist: list.id, account: account, limit: 10))
        for id in ids[15..<20] { try await catalogue.markPlayed(id: id, account: account) }
        #expect(try await titles(catalogue.tracks(ofPlaylist: list.id, account: account, limit: 2)) == ["015", "016"])
        let second = try #require(
            try await catalogue.tracks(ofPlaylist: list.id, account: account, after: first.next, limit: 10))
        let third = try #require(
            try await catalogue.tracks(ofPlaylist: list.id, account: account, after: second.next, limit: 10))
        #expect(titles(first) + titles(second) + titles(third) == (0..<25).map { String(format: "%03d", $0) })
        #expect(third.next == nil)
        // Forgotten: it goes on behind the last track of the page before.
        catalogue.smartLists.forget(account: account)
        let after = try #require(
            try await catalogue.tracks(ofPlaylist: list.id, account: account, after: first.next, limit: 100))
        #expect(titles(after) == (10..<25).filter { !(15..<20 ~= $0) }.map { String(format: "%03d", $0) })
        let placed = try #require(try await catalogue.tracks(ofPlaylist: list.id, account: account, at: 23, limit: 5))
        #expect(placed.total == 25 && titles(placed) == ["023", "024"] && placed.next == nil)
        #expect(try await catalogue.tracks(ofPlaylist: list.id, account: account, at: 1_000_000_000)?.items.isEmpty == true)
        let other = try await catalogue.addPlaylist(named: "q", rules: try #require(list.rules), account: account)
        let library = try await catalogue.tracks(account: account, sort: .title, limit: 1).next
        for cursor in [first.next, library, "", "AAAA"] {
            await #expect(throws: CatalogueError.badCursor) {
                try await catalogue.tracks(ofPlaylist: other.id, account: account, after: cursor ?? "-")
            }
        }
    }

    @Test("An order by chance stays for the day, in every process, and is another for another playlist and on another day")
    func chance() async throws {
        let ids = try await tracks(60)
        let wanted = try rules(#"{"all": [{"gt": {"year": 1}}], "sort": "random", "limit": 20}"#)
        let list = try await catalogue.addPlaylist(named: "p", rules: wanted, account: account)
        func sample(_ catalogue: Catalogue, _ id: String) async throws -> [String] {
            try await catalogue.tracks(ofPlaylist: id, account: account)?.items.map(\.id) ?? []
        }
        let today = try await sample(catalogue, list.id)
        #expect(Set(today).count == 20 && today != Array(ids.prefix(20)))
        clock.time += 3_600_000
        let another = try fixture.another(now: { [clock] in clock.time })
        #expect(try await sample(another, list.id) == today)
        // A track that comes or goes moves no other.
        _ = try await catalogue.remove(id: today[3], account: account)
        #expect(try await sample(catalogue, list.id).prefix(19) == (today.prefix(3) + today.dropFirst(4)))
        let other = try await catalogue.addPlaylist(named: "q", rules: wanted, account: account)
        #expect(try await sample(catalogue, other.id) != sample(catalogue, list.id))
        clock.time += 86_400_000
        #expect(try await sample(another, list.id) != today)
        try another.close()
    }

    @Test("Chance favours no place: over many days each track comes first about as often as any other, and neighbours are parted")
    func fairness() throws {
        let added = (0..<20).map { 1_700_000_000_000 + $0 }
        var (firsts, together) = ([Int](repeating: 0, count: 20), 0)
        for day in 0..<4_000 {
            let chance = SmartChance(playlist: "p", day: day)
            let order = added.indices.sorted { chance.place(of: added[$0]) < chance.place(of: added[$1]) }
            firsts[order[0]] += 1
            together += zip(order, order.dropFirst()).count { $1 == $0 + 1 }
        }
        // 200 expected, with a deviation of 14; 4,000 · 19 · 19/380 pairs that stayed together.
        #expect(firsts.allSatisfy { 130...270 ~= $0 }, "\(firsts)")
        #expect(2_800...4_800 ~= together, "\(together)")
    }

    @Test("Playlists can ask for others, but not for themselves, however far around, nor too deeply or too many")
    func family() async throws {
        let ids = try await tracks(5)
        let chosen = try await catalogue.addPlaylist(named: "c", tracks: Array(ids.prefix(3)), account: account)
        func asking(_ ids: [String], _ more: Int = 0) throws -> SmartRules {
            let parts = ids.map { #"{"inPlaylist": {"id": "\#($0)"}}"# }
            return try rules(
                #"{"all": [{"any": [\#((parts + Array(repeating: #"{"gt": {"year": 3000}}"#, count: more)).joined(separator: ","))]}]}"#
            )
        }
        func add(_ rules: SmartRules) async throws -> Playlist {
            try await catalogue.addPlaylist(named: "s", rules: rules, account: account)
        }
        let one = try await add(asking([chosen.id]))
        #expect(one.tracks == 3)
        let two = try await add(rules(#"{"all": [{"notInPlaylist": {"id": "\#(one.id)"}}]}"#))
        #expect(two.tracks == 2)
        _ = try await catalogue.changePlaylist(id: chosen.id, name: nil, tracks: [ids[4]], account: account)
        #expect(try await catalogue.playlist(id: one.id, account: account)?.tracks == 1)
        #expect(try await catalogue.playlist(id: two.id, account: account)?.tracks == 4)
        for (id, asked) in [(one.id, one.id), (one.id, two.id)] {
            await #expect(throws: SmartFault(place: "all[0].any[0]", reason: "a playlist must not be made of itself")) {
                try await catalogue.changePlaylist(id: id, name: nil, rules: asking([asked]), account: account)
            }
        }
        await #expect(throws: SmartFault.self) { try await add(asking([Identifier.random()])) }
        let eve = try await catalogue.account(named: "eve")
        await #expect(throws: SmartFault.self) {
            try await catalogue.addPlaylist(named: "s", rules: asking([chosen.id]), account: eve)
        }
        let three = try await add(asking([two.id]))
        let four = try await add(asking([three.id, chosen.id]))
        await #expect(throws: SmartFault.self) { try await add(asking([four.id])) }
        // One more below would be one too many above.
        await #expect(throws: SmartFault.self) {
            try await catalogue.changePlaylist(
                id: one.id, name: nil, rules: asking([try await add(asking([chosen.id])).id]), account: account)
        }
        let wide = try await add(asking([], 50))
        await #expect(throws: SmartFault.self) { try await add(asking(Array(repeating: wide.id, count: 4))) }
        #expect(try await add(asking(Array(repeating: wide.id, count: 3))).tracks == 0)
        #expect(try await catalogue.removePlaylist(id: chosen.id, account: account))
        #expect(try await catalogue.playlist(id: one.id, account: account)?.tracks == 0)
        #expect(try await catalogue.playlist(id: two.id, account: account)?.tracks == 5)
    }

    @Test("Tracks of a smart playlist cannot be chosen, those of another have no rules, and a frozen one keeps today's")
    func frozen() async throws {
        let ids = try await tracks(3)
        let smart = try await catalogue.addPlaylist(
            named: "p", rules: rules(#"{"all": [{"lt": {"playcount": 1}}], "sort": "-title"}"#), account: account)
        let plain = try await catalogue.addPlaylist(named: "c", tracks: ids, account: account)
        await #expect(throws: CatalogueError.followsRules) {
            try await catalogue.changePlaylist(id: smart.id, name: "n", tracks: [], account: account)
        }
        await #expect(throws: CatalogueError.followsRules) {
            try await catalogue.amendPlaylist(id: smart.id, name: "n", removing: [0], account: account)
        }
        #expect(try await catalogue.amendPlaylist(id: smart.id, name: "n", comment: "c", account: account)?.name == "n")
        await #expect(throws: CatalogueError.hasNoRules) {
            try await catalogue.changePlaylist(id: plain.id, name: nil, rules: try #require(smart.rules), account: account)
        }
        await #expect(throws: CatalogueError.hasNoRules) { try await catalogue.freezePlaylist(id: plain.id, account: account) }
        await #expect(throws: CatalogueError.overQuota) {
            try await catalogue.freezePlaylist(id: smart.id, account: account, mostTracks: 2)
        }
        let frozen = try #require(try await catalogue.freezePlaylist(id: smart.id, account: account))
        #expect(frozen.name == "n 2026-11-30" && frozen.rules == nil && frozen.tracks == 3)
        try await catalogue.markPlayed(id: ids[0], account: account)
        #expect(try await titles(catalogue.tracks(ofPlaylist: frozen.id, account: account)) == ["002", "001", "000"])
        #expect(try await catalogue.playlist(id: smart.id, account: account)?.tracks == 2)
        #expect(try await catalogue.freezePlaylist(id: Identifier.random(), account: account) == nil)
    }

    @Test("An account has a bounded number of smart playlists, and a share of one offers the tracks of now")
    func shared() async throws {
        let ids = try await tracks(2)
        let loved = try rules(#"{"all": [{"is": {"loved": true}}]}"#)
        let list = try await catalogue.addPlaylist(named: "p", rules: loved, account: account)
        let share = try #require(
            try await catalogue.addShare(of: .playlist(list.id), description: "", expires: nil, account: account))
        #expect(share.tracks == 0)
        #expect(try await !catalogue.isShared(ids[0], by: share.id, account: account))
        _ = try await catalogue.setFavourite(true, .track, id: ids[0], account: account)
        #expect(try await catalogue.isShared(ids[0], by: share.id, account: account))
        #expect(try await !catalogue.isShared(ids[1], by: share.id, account: account))
        #expect(try await titles(catalogue.tracks(of: share)) == ["000"])
        #expect(try await catalogue.shares(account: account).items.map(\.tracks) == [1])
        #expect(try await catalogue.openShare(id: share.id)?.share.tracks == 1)
        for _ in 1..<SmartRules.mostPlaylists { _ = try await catalogue.addPlaylist(named: "p", rules: loved, account: account) }
        await #expect(throws: CatalogueError.tooManyPlaylists) {
            try await catalogue.addPlaylist(named: "p", rules: loved, account: account)
        }
        #expect(try await catalogue.addPlaylist(named: "p", tracks: [], account: account).tracks == 0)
    }

    @Test("A statement that takes too long is ended, and its connection goes on")
    func tooLong() async throws {
        let endless = """
            WITH RECURSIVE endless (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM endless) SELECT count(*) FROM endless WHERE n < ?
            """
        await #expect(throws: CatalogueError.tookTooLong) {
            try await catalogue.database.read { db in
                try db.rows(once: endless, [0], within: .milliseconds(50)) { _ in true }
            }
        }
        for _ in 0..<8 {
            let count = try await catalogue.database.read { db in
                var count = 0
                try db.rows(once: "SELECT 1 UNION ALL SELECT 2", [], within: .seconds(5)) { _ in
                    count += 1
                    return true
                }
                return count
            }
            #expect(count == 2)
        }
    }

    @Test("Remembered members take a bounded room, and the longest unused go first")
    func memory() async throws {
        let lists = SmartLists(most: 10_000)
        let question = SmartLists.Question(rules: try rules(#"{"all": [{"is": {"loved": true}}]}"#), account: 1, day: 1)
        @Sendable func list(_ number: Int) throws -> SmartList {
            try SmartList((0..<50).map { (id: String(format: "%022d", number * 100 + $0), microseconds: 1) }, changed: 0)
        }
        var marks: [Int] = []
        for number in 0..<20 {
            marks.append(try await lists.list(of: "\(number)", question) { try list(number) }.mark)
            #expect(lists.list(of: "0", mark: marks[0]) != nil)
        }
        #expect(lists.list(of: "1", mark: marks[1]) == nil)
        #expect((0..<20).count { lists.list(of: "\($0)", mark: marks[$0]) != nil } < 8)
        // A play concerns only rules that ask for plays.
        lists.note(.history, of: 1)
        _ = try await lists.list(of: "19", question) { throw CatalogueError.busy }
        lists.note(.library, of: 2)
        _ = try await lists.list(of: "19", question) { throw CatalogueError.busy }
        lists.note(.library, of: 1)
        await #expect(throws: CatalogueError.busy) { try await lists.list(of: "19", question) { throw CatalogueError.busy } }
        #expect(lists.list(of: "19", mark: marks[19]) != nil)
        lists.forget(account: 1)
        #expect(lists.list(of: "19", mark: marks[19]) == nil)
    }

    @Test("An account that asks for many playlists at once keeps no other waiting for more than one of them")
    func turns() async throws {
        let lists = SmartLists()
        let order = Order()
        let gates = [Gate(), Gate()]
        let rules = try rules(#"{"all": [{"is": {"loved": true}}]}"#)
        @Sendable func list(_ name: String, _ account: Int64, after gate: Gate? = nil) -> Task<Void, any Error> {
            Task {
                _ = try await lists.list(of: name, SmartLists.Question(rules: rules, account: account, day: 1)) {
                    await gate?.wait()
                    order.accounts.withLock { $0.append(account) }
                    return try SmartList([], changed: 0)
                }
            }
        }
        // Both lanes are taken, and of the first account more waits.
        var works = [list("a", 1, after: gates[0]), list("b", 2, after: gates[1])]
        await gates[0].isReached()
        await gates[1].isReached()
        for number in 0..<20 {
            works.append(list("a\(number)", 1))
            await Task.yield()
        }
        let other = list("c", 3)
        gates[1].open()
        try await other.value
        #expect(order.accounts.withLock { $0 } == [2, 3])
        gates[0].open()
        for work in works { try await work.value }
        #expect(order.accounts.withLock { $0 }.count == 23)
    }

    @Test("A file of rules makes a playlist, changes it when it changes, and leaves what a person changed alone until then")
    func files() async throws {
        let path = Array("/m/top.nsp".utf8)
        func set(_ text: String, _ name: String = "Top") async throws -> Bool {
            try await catalogue.setPlaylist(ofFile: path, named: name, comment: "c", rules: rules(text), account: account)
        }
        let (old, new) = (#"{"all": [{"is": {"rating": 5}}]}"#, #"{"all": [{"gt": {"rating": 3}}]}"#)
        #expect(try await set(old))
        #expect(try await !set(old))
        let list = try #require(try await catalogue.playlists(account: account).items.first)
        #expect(try list.name == "Top" && list.comment == "c" && list.rules == rules(old))
        #expect(try await set(new))
        #expect(try await catalogue.playlists(account: account).items.map(\.rules) == [try rules(new)])
        #expect(
            try await !catalogue.setPlaylist(
                ofFile: Array("/m/copy.nsp".utf8), named: "Top", comment: "c", rules: rules(new), account: account))
        #expect(try await catalogue.removePlaylist(id: list.id, account: account))
        #expect(try await !set(new))
        #expect(try await catalogue.playlists(account: account).items.isEmpty)
        #expect(try await set(old))
        #expect(try await catalogue.incompletePlaylistFiles(account: account).isEmpty)
    }
}

/// The accounts whose works were done.
private final class Order: Sendable {
    let accounts = Mutex<[Int64]>([])
}

/// A work that goes on when the test says so.
private final class Gate: Sendable {
    private let (reached, reach) = AsyncStream.makeStream(of: Void.self)
    private let (opened, end) = AsyncStream.makeStream(of: Void.self)

    func wait() async {
        reach.finish()
        for await _ in opened {}
    }

    func isReached() async { for await _ in reached {} }

    func open() { end.finish() }
}
