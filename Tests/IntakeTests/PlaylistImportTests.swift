import Audio
import Foundation
import Locker
import TestSupport
import Testing

@testable import Intake

@Suite("Playlists in a folder", .timeLimit(.minutes(10))) struct PlaylistImportTests {
    private let bench: Workbench
    private let account: Int64
    private var music: String { bench.root + "/music" }

    init() async throws {
        bench = try Workbench()
        account = try await bench.catalogue.localAccount()
        for (place, name) in ["Génève.mp3", "Über.mp3", "sp ace #1.mp3", "sub/plain.mp3", "Cafe\u{301}.mp3"].enumerated() {
            try bench.write(noise(100, seed: UInt64(place + 1)), to: name)
        }
    }

    private func run(_ paths: String...) async -> ImportSummary {
        await bench.intake.importPaths(paths.isEmpty ? [music] : paths, account: account)
    }

    private func playlists() async throws -> [Playlist] { try await bench.catalogue.playlists(account: account).items }

    private func titles(_ name: String) async throws -> [String]? {
        guard let playlist = try await playlists().first(where: { $0.name == name }) else { return nil }
        return try await bench.catalogue.tracks(ofPlaylist: playlist.id, account: account)?.items.map(\.title)
    }

    private static let latin1: [UInt8] =
        Array("#EXTM3U\r\n#EXTINF:1,x\r\n".utf8) + [0xDC] + Array("ber.mp3\r\nG".utf8) + [0xE9] + Array("n".utf8) + [0xE8]
        + Array("ve.mp3\r\nsub\\plain.mp3\r\n".utf8)

    @Test("Playlist files become playlists, however they are written (airsonic#646, navidrome#4385)")
    func makes() async throws {
        try bench.write(Self.latin1, to: "latin1.m3u")
        try bench.write(Array("Caf\u{E9}.mp3\nsp%20ace%20%231.mp3\n#PLAYLIST:Mixed\n".utf8), to: "lists/composed.m3u8")
        try bench.write(
            Array("file://\(music)/%C3%9Cber.mp3\n../../../etc/passwd\n/etc/passwd\nsub/gone.mp3\n".utf8), to: "urls.m3u8")
        try bench.write(Array("/etc/passwd\n".utf8), to: "nothing.m3u")
        let summary = await run()
        #expect(summary.imported == 5 && summary.playlists == 3 && summary.refused.isEmpty)
        #expect(try await titles("latin1") == ["Über", "Génève", "plain"])
        #expect(try await titles("Mixed") == ["Cafe\u{301}", "sp ace #1"])
        #expect(try await titles("urls") == ["Über"])
        #expect(try await titles("nothing") == nil)
        #expect(
            summary.missingEntries.map { "\($0.playlist.dropFirst(music.count)):\($0.line): \($0.entry)" } == [
                "/nothing.m3u:1: /etc/passwd", "/urls.m3u8:2: ../../../etc/passwd", "/urls.m3u8:3: /etc/passwd",
                "/urls.m3u8:4: sub/gone.mp3"
            ])
        #expect(summary.missing == 4)
    }

    @Test("A playlist file that comes again, changed, moved or copied, makes no second playlist")
    func again() async throws {
        try bench.write(Self.latin1, to: "list.m3u")
        #expect(await run().playlists == 1)
        let before = try #require(try await playlists().first)
        #expect(await run().playlists == 0)
        #expect(await run(music + "/list.m3u").playlists == 0)
        try FileManager.default.moveItem(atPath: music + "/list.m3u", toPath: music + "/sub/list.m3u")
        try bench.write(Array(String(decoding: Self.latin1, as: UTF8.self).utf8), to: "odd.m3u")
        try FileManager.default.removeItem(atPath: music + "/odd.m3u")
        try FileManager.default.copyItem(atPath: music + "/sub/list.m3u", toPath: music + "/list.m3u")
        // From below, nothing of it is found but what lies above.
        #expect(await run().playlists == 0)
        #expect(try await playlists() == [before])
        try bench.write(Array("sub/plain.mp3\n".utf8), to: "list.m3u", age: 3)
        #expect(await run().playlists == 1)
        let after = try #require(try await playlists().first)
        #expect(after.id == before.id && after.tracks == 1)
    }

    @Test("A playlist keeps what a person made of it, and refers to no other account's tracks")
    func people() async throws {
        try bench.write(Self.latin1, to: "list.m3u")
        _ = await run()
        let made = try #require(try await playlists().first)
        _ = try await bench.catalogue.changePlaylist(id: made.id, name: "Mine", tracks: nil, account: account)
        #expect(await run().playlists == 0)
        try bench.write(Array("sub/plain.mp3\n".utf8), to: "list.m3u", age: 3)
        #expect(await run().playlists == 1)
        #expect(try await playlists().map(\.name) == ["Mine"])
        _ = try await bench.catalogue.removePlaylist(id: made.id, account: account)
        #expect(await run().playlists == 0)

        let other = try await bench.catalogue.account(named: "other")
        let summary = await bench.intake.importPaths([music + "/list.m3u"], account: other)
        #expect(summary.playlists == 0 && summary.missing == 1)
        #expect(try await bench.catalogue.playlists(account: other).items.isEmpty)
    }

    @Test("A playlist file that is too large or cannot be read is refused by name")
    func refused() async throws {
        try bench.write([UInt8](repeating: 0x0A, count: M3U.mostBytes + 1), to: "large.m3u")
        let summary = await run(music + "/large.m3u", music + "/gone.m3u")
        #expect(summary.refused.map(\.path) == [music + "/gone.m3u", music + "/large.m3u"])
    }

    @Test("A playlist is completed when its songs come")
    func completes() async throws {
        try bench.write(Array("later.mp3\nsub/plain.mp3\n".utf8), to: "list.m3u")
        let first = await bench.intake.importFolder(music, account: account)
        #expect(first.missing == 1)
        #expect(try await titles("list") == ["plain"])
        try bench.write(noise(100, seed: 77), to: "later.mp3")
        var changes = FolderChanges()
        let folder = Path(named: music)
        let name = Path.Name(bytes: Array("later.mp3".utf8))
        changes.noteFile(folder.appending(name), name: name, in: folder)
        let second = await bench.intake.importChanges(changes, in: music, account: account)
        #expect(second.imported == 1 && second.playlists == 1 && second.missing == 0)
        #expect(try await titles("list") == ["later", "plain"])

        try bench.write(Array("later.mp3\n".utf8), to: "list.m3u", age: 2)
        var more = FolderChanges()
        let list = Path.Name(bytes: Array("list.m3u".utf8))
        more.noteFile(folder.appending(list), name: list, in: folder)
        #expect(await bench.intake.importChanges(more, in: music, account: account).playlists == 1)
        #expect(try await titles("list") == ["later"])
    }

    @Test("Files of rules become smart playlists and follow their files, and those that are wrong are refused with the place")
    func rules() async throws {
        try bench.write(
            Array(
                #"""
                /* Navidrome's comments */
                {"name": "All", "comment": "c", // here too
                 "all": [{"contains": {"title": "E"}}, {"is": {"loved": false}}], "sort": "-title", "limit": 3}
                """#.utf8), to: "lists/all.nsp")
        try bench.write(Array("\u{FEFF}{\"any\": [{\"endsWith\": {\"title\": \"r\"}}]}".utf8), to: "Named by file.NSP")
        try bench.write(Array(#"{"all": [{"is": {"loved": true}}, {"is": {"xyz": 1}}]}"#.utf8), to: "field.nsp")
        try bench.write(Array("[1".utf8), to: "json.nsp")
        try bench.write([UInt8](repeating: 32, count: 70_000), to: "large.nsp")
        let summary = await run()
        #expect(summary.playlists == 2 && summary.imported == 5)
        let reasons = summary.refused.map { "\($0.path.dropFirst(music.count)): \($0.reason)" }.sorted()
        #expect(reasons.count == 3 && reasons[0] == "/field.nsp: all[1]: no field called xyz", "\(reasons)")
        #expect(reasons[1] == "/json.nsp: rules: the file must be a JSON object")
        #expect(try await titles("All") == ["Über", "sp ace #1", "Génève"])
        #expect(try await titles("Named by file") == ["Über"])
        #expect(try await playlists().first { $0.name == "All" }?.comment == "c")
        #expect(await run().playlists == 0)
        try bench.write(Array(#"{"name": "All", "all": [{"contains": {"title": "plain"}}]}"#.utf8), to: "lists/all.nsp")
        #expect(await run().playlists == 1)
        #expect(try await titles("All") == ["plain"])
    }
}
