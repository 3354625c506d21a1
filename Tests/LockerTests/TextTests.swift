import Audio
import Testing

@testable import Locker

@Suite("Texts", .everyDriver) struct TextTests {
    @Test("A text with a zero is an error wherever it is bound, and never the text before it")
    func zeros() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let hash = try #require(PasswordHash(of: "correct horse"))
        let ada = try await catalogue.addAccount(named: "ada", password: hash, plan: "free")
        let track = try await catalogue.add(account: ada, hash: .numbered(1), map: map(), title: "song").track
        let list = try await catalogue.addPlaylist(named: "list", tracks: [track.id], account: ada)
        let key = try await catalogue.addKey(account: ada, label: "phone", scopes: .all).key
        var edit = TagEdit()
        edit.title = "a\0b"
        var genres = TagEdit()
        genres.genres = ["a\0b"]
        let cursor = PageCursor(list: "playlists", key: [.text("a\0b"), .text("")]).encoded
        let calls: [(String, @Sendable () async throws -> Void)] = [
            ("account", { _ = try await catalogue.account(named: "ada\0x") }),
            ("find", { _ = try await catalogue.findAccount(named: "ada\0x") }),
            ("password", { _ = try await catalogue.password(ofAccountNamed: "ada\0x") }),
            ("add", { _ = try await catalogue.addAccount(named: "ada\0x", password: hash, plan: "free") }),
            ("plan", { _ = try await catalogue.setPlan("free\0x", account: ada) }),
            ("key", { _ = try await catalogue.addKey(account: ada, label: "a\0b", scopes: .all) }),
            ("revoke", { _ = try await catalogue.revokeKey(id: key.id + "\0x", account: ada) }),
            ("track", { _ = try await catalogue.track(id: track.id + "\0x", account: ada) }),
            ("recent", { _ = try await catalogue.recentTrack(id: track.id + "\0x", account: ada) }),
            ("remove", { _ = try await catalogue.remove(id: track.id + "\0x", account: ada) }),
            ("edit", { [edit] in _ = try await catalogue.edit(edit, ofTrack: track.id, account: ada) }),
            ("genres", { [genres] in _ = try await catalogue.edit(genres, ofTrack: track.id, account: ada) }),
            ("played", { _ = try await catalogue.markPlayed(id: track.id + "\0x", account: ada, at: nil) }),
            ("favourite", { _ = try await catalogue.setFavourite(true, .track, id: track.id + "\0x", account: ada) }),
            ("rating", { _ = try await catalogue.setRating(1, .artist, id: track.artistID + "\0x", account: ada) }),
            ("queue", { try await catalogue.setPlayQueue(tracks: [track.id + "\0x"], current: nil, position: 0, account: ada) }),
            ("playlist", { _ = try await catalogue.addPlaylist(named: "a\0b", tracks: [], account: ada) }),
            ("its tracks", { _ = try await catalogue.addPlaylist(named: "a", tracks: [track.id + "\0x"], account: ada) }),
            ("one", { _ = try await catalogue.playlist(id: list.id + "\0x", account: ada) }),
            ("change", { _ = try await catalogue.changePlaylist(id: list.id, name: "a\0b", tracks: nil, account: ada) }),
            ("erase", { _ = try await catalogue.removePlaylist(id: list.id + "\0x", account: ada) }),
            ("page", { _ = try await catalogue.playlists(account: ada, after: cursor) }),
            ("album", { _ = try await catalogue.album(id: track.albumID + "\0x", account: ada) }),
            ("artist", { _ = try await catalogue.artist(id: track.artistID + "\0x", account: ada) }),
            ("of album", { _ = try await catalogue.tracks(account: ada, .album(track.albumID + "\0x")) }),
            ("upload", { _ = try await catalogue.upload(id: "x\0x", account: ada) }),
            (
                "begin",
                {
                    let declaration = UploadRecord.Declaration(name: "a\0b", length: 1, isCompact: false, isResumable: true)
                    _ = try await catalogue.beginUpload(declaration, id: Identifier.random(), account: ada, quota: nil)
                }
            )
        ]
        for (name, call) in calls {
            await #expect(throws: CatalogueError.textWithZero, "\(name)") { try await call() }
        }
        #expect(try await catalogue.track(id: track.id, account: ada) != nil)
        #expect(try await catalogue.playlist(id: list.id, account: ada)?.name == "list")
        #expect(try await catalogue.accounts().map(\.name) == ["ada"])
        #expect(try await catalogue.keys(account: ada).map(\.id) == [key.id])
    }

    @Test("Control characters are C0, C1, DEL and line ends, and an account's name shows every character")
    func control() {
        for scalar in ["\0", "\t", "\n", "\u{1F}", "\u{7F}", "\u{80}", "\u{85}", "\u{9F}", "\u{2028}", "\u{2029}"] {
            #expect("a\(scalar)b".hasControlCharacters && "a\(scalar)b".printable == "ab")
            #expect(Account.fault(inName: "a\(scalar)b") != nil)
        }
        for text in ["", "a b", "für", "日本の歌", "\u{A0}", "👩\u{200D}👩", "\u{202E}x", "e\u{301}"] {
            #expect(!text.hasControlCharacters && text.printable == text)
        }
        for name in ["a\u{202E}b", "a\u{2066}b", "a\u{200B}b", "a\u{AD}b", "a\u{FEFF}", "a\u{A0}b", "\u{3164}", "a\u{200D}b"] {
            #expect(Account.fault(inName: name) != nil, "\(name.debugDescription)")
        }
        for name in ["ada", "Ångström", "山田", "e\u{301}ve", "a.b-c@d", "🎵"] { #expect(Account.fault(inName: name) == nil) }
    }

    @Test("An account's login addresses are its latest ones, and go with it")
    func loginAddresses() async throws {
        let clock = SetClock(1000)
        let fixture = try Fixture(now: { clock.time })
        let catalogue = fixture.catalogue
        let hash = try #require(PasswordHash(of: "correct horse"))
        let ada = try await catalogue.addAccount(named: "ada", password: hash, plan: "free")
        let eve = try await catalogue.addAccount(named: "eve", password: hash, plan: "free")
        func mark(_ number: Int) -> [UInt8] { Array(repeating: UInt8(number), count: 16) }
        func isKnown(_ name: String, _ number: Int) async throws -> Bool? {
            try await catalogue.password(ofAccountNamed: name, from: mark(number))?.isFromKnownAddress
        }
        #expect(try await isKnown("ada", 0) == false)
        for number in 0..<40 {
            clock.time += 1
            _ = try await catalogue.beginSession(account: ada, from: mark(number))
            // One that is used again and again stays.
            _ = try await catalogue.beginSession(account: ada, from: mark(0))
        }
        for (number, known) in [(0, true), (39, true), (1, false)] { #expect(try await isKnown("ADA", number) == known) }
        #expect(try await isKnown("eve", 0) == false)
        #expect(try await catalogue.password(ofAccountNamed: "ada")?.isFromKnownAddress == false)
        let count = try await catalogue.database.read { try $0.value("SELECT count(*) FROM loginAddress") as Int? }
        #expect(count == Catalogue.mostLoginAddresses)
        _ = try await catalogue.removeAccount(id: ada)
        let left = try await catalogue.database.read { try $0.value("SELECT count(*) FROM loginAddress") as Int? }
        #expect(left == 0 && eve != ada)
    }
}
