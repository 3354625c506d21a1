import Audio
import Testing

@testable import Locker

@Suite("Search and order in every script", .everyDriver) struct ScriptTests {
    private let fixture: Fixture
    private let account: Int64

    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture()
        account = try await fixture.catalogue.localAccount()
    }

    private func add(_ titles: [String], by artist: String = "X", on album: String = "") async throws {
        for (number, title) in titles.enumerated() {
            let tags = TrackTags(title: title, artist: artist, albumArtist: "", album: album)
            try await catalogue.add(account: account, hash: .numbered(number), map: map(tags), title: "-")
        }
    }

    private func titles(_ text: String) async throws -> [String] {
        try await catalogue.search(text, account: account).tracks.map(\.title)
    }

    @Test("navidrome#4768: Chinese, Japanese, Korean and Thai are found by any part, one sign is enough")
    func parts() async throws {
        try await add(["月亮代表我的心", "日本の歌", "カラオケ・ナイト", "사랑해요", "봄날 사랑", "รักแท้อยู่เหนือกาลเวลา", "Rock 東京 Live"])
        let expected: [(String, [String])] = [
            ("心", ["月亮代表我的心"]), ("代表", ["月亮代表我的心"]), ("月", ["月亮代表我的心"]), ("月心", []), ("心 月", ["月亮代表我的心"]),
            ("の", ["日本の歌"]), ("の歌", ["日本の歌"]), ("本", ["日本の歌"]), ("日歌", []),
            ("ナイト", ["カラオケ・ナイト"]), ("ないと", ["カラオケ・ナイト"]), ("ｶﾗｵｹﾅｲﾄ", ["カラオケ・ナイト"]), ("オケ", ["カラオケ・ナイト"]), ("オゲ", []),
            ("사랑", ["사랑해요", "봄날 사랑"]), ("랑", ["사랑해요", "봄날 사랑"]), ("사라", ["사랑해요", "봄날 사랑"]), ("날사", ["봄날 사랑"]), ("해요", ["사랑해요"]),
            ("แท้", ["รักแท้อยู่เหนือกาลเวลา"]), ("กาล", ["รักแท้อยู่เหนือกาลเวลา"]), ("ว", ["รักแท้อยู่เหนือกาลเวลา"]),
            ("เวลา รัก", ["รักแท้อยู่เหนือกาลเวลา"]),
            ("東", ["Rock 東京 Live"]), ("京 roc", ["Rock 東京 Live"]), ("東京live", ["Rock 東京 Live"])
        ]
        for (text, found) in expected { #expect(try await titles(text) == found, "\(text)") }
    }

    @Test("headphones#1332: R.E.M. and AC/DC are found with their signs and without")
    func signs() async throws {
        try await add([
            "R.E.M.", "AC/DC", "A-ha", "!!!", "÷", "B'Day", "Simon & Garfunkel", "AC DC", "Accident", "Remain", "Redeem"
        ])
        let expected: [(String, [String])] = [
            ("r.e.m.", ["R.E.M.", "Remain"]), ("R.E.M", ["R.E.M.", "Remain"]), ("rem", ["R.E.M.", "Remain"]),
            ("r e m", ["R.E.M."]),
            ("ac/dc", ["AC/DC", "AC DC"]), ("acdc", ["AC/DC"]), ("ac dc", ["AC/DC", "AC DC"]), ("aha", ["A-ha"]),
            ("!!!", ["!!!"]), ("!", ["!!!"]),
            ("÷", ["÷"]), ("b’day", ["B'Day"]), ("bday", ["B'Day"]), ("simon garf", ["Simon & Garfunkel"]),
            ("simon & garf", ["Simon & Garfunkel"]), ("&", [])
        ]
        for (text, found) in expected { #expect(try await titles(text) == found, "\(text)") }
    }

    @Test("Accents, case, width and ligatures make no difference in any script")
    func folded() async throws {
        try await add(["Καλημέρα Ήλιος", "Ёлка и Йод", "Straße nach Łódź", "مُحَمَّد", "שָׁלוֹם", "İstanbul", "Ｗｉｄｅ ﬁle", "がき", "かき"])
        for (text, found) in [
            ("καλημερα", 1), ("ήλιοσ", 1), ("ΗΛΙΟΣ", 1), ("елка", 1), ("йод", 1), ("иод", 1), ("strasse", 1), ("STRAẞE", 1),
            ("łodz", 1),
            ("محمد", 1), ("שלום", 1), ("istanbul", 1), ("ıstan", 1), ("wide file", 1), ("がき", 1), ("ガキ", 1), ("かき", 1), ("き", 2)
        ] { #expect(try await titles(text).count == found, "\(text)") }
    }

    @Test("Artists and albums are found like tracks, and those that begin with the text come first")
    func artists() async throws {
        try await add(["一", "心の声", "私の心"], by: "中島みゆき", on: "心守歌")
        let found = try await catalogue.search("心", account: account)
        #expect(found.tracks.map(\.title) == ["心の声", "私の心", "一"] && found.albums.map(\.name) == ["心守歌"])
        #expect(try await catalogue.search("みゆき", account: account).artists.map(\.name) == ["中島みゆき"])
        // Enough of them for the order to be the database's.
        #expect(try await catalogue.search("心", account: account, limit: 1).tracks.map(\.title) == ["心の声"])
    }

    @Test("iSubMusicStreamer#86: lists have É among E, and pages go on from there")
    func order() async throws {
        let sorted = [
            "!!!", "99", "Eden", "elan", "Élan", "Ezra", "Orbital", "Ørsted", "Ozzy", "Ήλιος", "Ёлка", "Жар", "かな", "ガナ", "中", "日"
        ]
        try await add(sorted.reversed())
        var found: [String] = []
        var next: String?
        repeat {
            let page = try await catalogue.tracks(account: account, sort: .title, after: next, limit: 3)
            found += page.items.map(\.title)
            next = page.next
        } while next != nil && found.count < 20
        #expect(found == sorted)
    }

    /// Makes a catalogue of the version before, and opens it for the first time.
    private func openFormer() async throws -> Catalogue {
        let path = fixture.path + ".old"
        let database = try SQLiteDatabase(path: path, upTo: "library")
        try await database.write(.keeping) { db in
            try db.run("INSERT INTO account (id, name) VALUES (1, 'local')")
            let id = { (kind: String, number: Int) in String(repeating: kind, count: 21) + String(number) }
            for (number, name) in ["日本の歌", "Zulu", "Élan", "R.E.M."].enumerated() {
                let order = name.lowercased()
                let (artist, album, track) = (id("r", number), id("l", number), id("t", number))
                try db.insert(into: "artist", [("id", artist), ("account", 1), ("name", name), ("nameOrder", order)])
                try db.insert(
                    into: "album",
                    [
                        ("id", album), ("account", 1), ("artistId", artist), ("name", name), ("nameOrder", order),
                        ("artistOrder", order)
                    ])
                try db.run(
                    """
                    INSERT INTO track (id, account, sha256, title, artist, albumArtist, album, artistId, albumId, titleOrder, artistOrder,
                        albumOrder, track, disc, year, genres, samples, sampleRate, channels, bitsPerSample, codec, container, bitrate,
                        bytes, warnings, added)
                    VALUES (?, 1, ?, ?, ?, '', ?, ?, ?, ?, ?, ?, 1, 1, 0, '["g"]', 9, 44100, 2, 16, 'flac', 'flac', 9, 9, '[]', ?)
                    """,
                    [
                        track, try OriginalHash.numbered(number), name, name, name, artist, album, order, order, order, number
                    ])
                try db.insert(into: "genre", [("id", number + 1), ("account", 1), ("name", name), ("nameOrder", order)])
                try db.insert(into: "trackGenre", [("genre", number + 1), ("titleOrder", order), ("track", track)])
            }
        }
        try database.close()
        return Catalogue(database: try SQLiteDatabase(path: path)) { 1_000 }
    }

    @Test("A catalogue of the version before is ordered in every script after its first start")
    func migratedOrder() async throws {
        let catalogue = try await openFormer()
        let sorted = ["Élan", "R.E.M.", "Zulu", "日本の歌"]
        #expect(try await catalogue.tracks(account: 1, sort: .title).items.map(\.title) == sorted)
        #expect(try await catalogue.tracks(account: 1, sort: .artist).items.map(\.title) == sorted)
        #expect(try await catalogue.albums(account: 1, sort: .artist).items.map(\.name) == sorted)
        #expect(try await catalogue.artists(account: 1).items.map(\.name) == sorted)
        #expect(try await catalogue.genres(account: 1).items.map(\.name) == sorted)
        #expect(try await catalogue.tracks(account: 1, .genre("ÉLAN")).items.map(\.title) == ["Élan"])
        try catalogue.close()
    }

    @Test("A catalogue of the version before is searched in every script after its first start")
    func migratedSearch() async throws {
        let catalogue = try await openFormer()
        for (text, name) in [("本", "日本の歌"), ("rem", "R.E.M."), ("elan", "Élan")] {
            let found = try await catalogue.search(text, account: 1)
            #expect(
                found.tracks.map(\.title) == [name] && found.albums.map(\.name) == [name] && found.artists.map(\.name) == [name])
        }
        try catalogue.close()
    }

    @Test("An edit and a removal show in searches of a catalogue of the version before")
    func migratedChanges() async throws {
        let catalogue = try await openFormer()
        let track = String(repeating: "t", count: 21) + "1"
        var edit = TagEdit()
        edit.title = "東京"
        _ = try await catalogue.edit(edit, ofTrack: track, account: 1)
        #expect(try await catalogue.search("京", account: 1).tracks.map(\.title) == ["東京"])
        _ = try await catalogue.remove(id: track, account: 1)
        #expect(try await catalogue.search("京", account: 1).tracks.isEmpty)
        try await catalogue.database.write(.keeping) { try $0.run("INSERT INTO search (search) VALUES ('integrity-check')") }
        try catalogue.close()
    }
}
