import Audio
import Testing

@testable import Locker

@Suite("How often tracks were played, and when albums last were", .everyDriver) struct PlayTotalTests {
    private let fixture: Fixture
    private let account: Int64
    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture()
        account = try await fixture.catalogue.localAccount()
    }

    private func add(_ number: Int, on album: String) async throws -> Track {
        let tags = TrackTags(title: "\(number)", artist: "A", albumArtist: "", album: album, track: number)
        return try await catalogue.add(account: account, hash: .numbered(number), map: map(tags), title: "-").track
    }

    private func titles(_ sort: TrackSort) async throws -> [String] {
        try await catalogue.tracks(account: account, sort: sort).items.map(\.title)
    }

    private func albums() async throws -> [String] {
        try await catalogue.albums(account: account, sort: .lastPlayed).items.map(\.name)
    }

    /// Three tracks on two albums; the first was played once, last of all, and the second twice.
    private func addThree() async throws -> [Track] {
        let tracks = [try await add(1, on: "X"), try await add(2, on: "Y"), try await add(3, on: "X")]
        for (track, time) in [(1, 10), (1, 20), (0, 30)] {
            try await catalogue.markPlayed(id: tracks[track].id, account: account, at: time)
        }
        return tracks
    }

    @Test("Tracks are listed by their plays and by their last play, those that were never played at the end")
    func tracks() async throws {
        let tracks = try await addThree()
        #expect(try await titles(.mostPlayed) == ["2", "1", "3"])
        #expect(try await titles(.lastPlayed) == ["1", "2", "3"])
        // The same play again counts once.
        for _ in 0..<3 { try await catalogue.markPlayed(id: tracks[2].id, account: account, at: 5) }
        #expect(try await titles(.mostPlayed).first == "2")
        for time in [6, 7] { try await catalogue.markPlayed(id: tracks[2].id, account: account, at: time) }
        #expect(try await titles(.mostPlayed).first == "3")
        #expect(try await titles(.lastPlayed).last == "3")
    }

    @Test("A play that is forgotten because there are too many still counts")
    func forgotten() async throws {
        let tracks = try await addThree()
        try await catalogue.markPlayed(id: tracks[0].id, account: account, at: 40, keeping: 1)
        try await catalogue.markPlayed(id: tracks[0].id, account: account, at: 50, keeping: 1)
        #expect(try await catalogue.history(account: account).items.count == 1)
        #expect(try await titles(.mostPlayed) == ["1", "2", "3"])
    }

    @Test("An album was last played when the last of its tracks was, wherever that track goes")
    func albumOrder() async throws {
        let tracks = try await addThree()
        #expect(try await albums() == ["X", "Y"])
        var edit = TagEdit()
        edit.album = "Y"
        _ = try await catalogue.edit(edit, ofTrack: tracks[0].id, account: account)
        #expect(try await albums() == ["Y", "X"])
        edit.album = "X"
        _ = try await catalogue.edit(edit, ofTrack: tracks[0].id, account: account)
        #expect(try await albums() == ["X", "Y"])
        _ = try await catalogue.remove(id: tracks[0].id, account: account)
        #expect(try await albums() == ["Y", "X"])
        // A play of long ago, told late, does not take the album back.
        try await catalogue.markPlayed(id: tracks[1].id, account: account, at: 1)
        try await catalogue.markPlayed(id: tracks[2].id, account: account, at: 15)
        #expect(try await albums() == ["Y", "X"])
    }

    @Test("Erasing the history erases what it left on tracks and albums")
    func erased() async throws {
        _ = try await addThree()
        try await catalogue.eraseHistory(account: account)
        let left: [Int] = try await catalogue.database.read { db in
            try db.values("SELECT plays + played FROM track") + db.values("SELECT played FROM album")
        }
        #expect(left.count == 5 && left.allSatisfy { $0 == 0 })
    }

    @Test("A play says where it stopped, which may be told later")
    func stops() async throws {
        let track = try await add(1, on: "X")
        for (time, stop) in [(10, nil), (20, 1_500), (20, nil), (30, nil), (30, 0)] as [(Int, Int?)] {
            #expect(try await catalogue.markPlayed(id: track.id, account: account, at: time, stopped: stop))
        }
        let plays = try await catalogue.history(account: account).items
        #expect(plays.map(\.at) == [30, 20, 10] && plays.map(\.stopped) == [0, 1_500, nil])
        #expect(plays.allSatisfy { $0.track.id == track.id })
        await #expect(throws: (any Error).self) {
            try await catalogue.markPlayed(id: track.id, account: account, at: 40, stopped: -1)
        }
        #expect(try await catalogue.history(account: account).items.count == 3)
    }

    @Test("A catalogue of the version before counts its tracks and plays at its first start")
    func migrates() async throws {
        let path = fixture.path + ".old"
        let database = try SQLiteDatabase(path: path, upTo: "announcements")
        try await database.write(.keeping) { db in
            try db.run("INSERT INTO account (id, name) VALUES (1, 'local'), (2, 'other')")
            let id = { (kind: String, number: Int) in String(repeating: kind, count: 21) + String(number) }
            for (account, number, album, played) in [(1, 1, 1, 30), (1, 2, 2, 20), (1, 3, 1, 0), (2, 4, 4, 5), (1, 5, 5, 90)] {
                // The last is on no album.
                let name = album == 5 ? "" : "album \(album)"
                try db.run(
                    "INSERT INTO artist (id, account, name) VALUES (?, ?, 'a') ON CONFLICT DO NOTHING",
                    [id("r", account), account])
                try db.run(
                    """
                    INSERT INTO album (id, account, artistId, name, nameOrder, artist) VALUES (?, ?, ?, ?, ?, 'a')
                    ON CONFLICT DO NOTHING
                    """, [id("l", album), account, id("r", account), name, name])
                try db.run(
                    """
                    INSERT INTO track (id, account, sha256, title, artist, albumArtist, album, artistId, albumId, titleOrder, artistOrder,
                        albumOrder, track, disc, year, genres, samples, sampleRate, channels, bitsPerSample, codec, container, bitrate,
                        bytes, warnings, added, played, albumOwner)
                    VALUES (?, ?, ?, ?, 'a', '', ?, ?, ?, ?, 'a', ?, 1, 1, 0, '[]', 9, 44100, 2, 16, 'flac', 'flac', 9, 7, '[]', ?, ?, ?)
                    """,
                    [
                        id("t", number), account, try OriginalHash.numbered(number), "\(number)", name, id("r", account),
                        id("l", album), "\(number)", name, number, played, id("r", account)
                    ])
                for time in stride(from: 10, through: played, by: 10) {
                    try db.run(
                        "INSERT INTO play (account, at, track) VALUES (?, ?, ?)", [account, time, id("t", number)])
                }
            }
        }
        try database.close()
        let catalogue = Catalogue(database: try SQLiteDatabase(path: path)) { 1_000 }
        #expect(try await catalogue.count(account: 1) == 4)
        #expect(try await catalogue.count(account: 2) == 1)
        func titles(_ sort: TrackSort) async throws -> [String] {
            try await catalogue.tracks(account: 1, sort: sort).items.map(\.title)
        }
        #expect(try await titles(.mostPlayed) == ["5", "1", "2", "3"])
        #expect(try await titles(.lastPlayed) == ["5", "1", "2", "3"])
        #expect(try await catalogue.albums(account: 1, sort: .lastPlayed).items.map(\.name) == ["album 1", "album 2"])
        #expect(try await catalogue.history(account: 1).items.allSatisfy { $0.stopped == nil })
        // The triggers go on from there.
        _ = try await catalogue.remove(id: String(repeating: "t", count: 21) + "1", account: 1)
        try await catalogue.markPlayed(id: String(repeating: "t", count: 21) + "3", account: 1, at: 25, stopped: 5)
        #expect(try await catalogue.count(account: 1) == 3)
        #expect(try await catalogue.albums(account: 1, sort: .lastPlayed).items.map(\.name) == ["album 1", "album 2"])
        #expect(try await catalogue.account(id: 1)?.bytes == 21)
        try catalogue.close()
    }
}
