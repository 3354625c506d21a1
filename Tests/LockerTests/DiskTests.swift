import Foundation
import Testing

@testable import Locker

@Suite("The catalogue on the disk", .everyDriver) struct DiskTests {
    private func song(_ number: Int, _ account: Int64, in catalogue: Catalogue) async throws -> Track {
        try await catalogue.add(account: account, hash: .numbered(number), map: map(), title: "song \(number)").track
    }

    @Test("After it is closed a catalogue is in its one file: a copy of that has everything")
    func isInItsFile() async throws {
        let fixture = try Fixture()
        let account = try await fixture.catalogue.account(named: "ada")
        for number in 0..<20 { _ = try await song(number, account, in: fixture.catalogue) }
        // Readers are open too: one of them used to be closed last, and could not write.
        let catalogue = fixture.catalogue
        let pages = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for _ in 0..<4 {
                tasks.addTask { try await catalogue.tracks(account: account, sort: .title).items.count }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(pages == [20, 20, 20, 20])
        try fixture.catalogue.close()
        try fixture.catalogue.close()
        #expect(!FileManager.default.fileExists(atPath: fixture.path + "-wal"))
        let copy = fixture.path + ".copy"
        try FileManager.default.copyItem(atPath: fixture.path, toPath: copy)
        let other = try Catalogue(path: copy)
        #expect(try await other.count(account: account) == 20)
        try other.close()
    }

    @Test("Closing a catalogue that another process has open waits for nothing, and that one goes on")
    func isShared() async throws {
        let fixture = try Fixture()
        let account = try await fixture.catalogue.account(named: "ada")
        let other = try Catalogue(path: fixture.path)
        _ = try await song(1, account, in: other)
        try other.close()
        _ = try await song(2, account, in: fixture.catalogue)
        #expect(try await fixture.catalogue.count(account: account) == 2)
    }

    @Test("A catalogue of a later version is refused, named, and not touched")
    func isLater() async throws {
        let fixture = try Fixture()
        let known = SQLiteSchema.changes.map(\.name)
        try await fixture.catalogue.database.write(.keeping) {
            try $0.run("INSERT INTO grdb_migrations (identifier) VALUES ('holograms')")
        }
        try fixture.catalogue.close()
        let before = try Data(contentsOf: URL(filePath: fixture.path))
        let later = #expect(throws: LaterCatalogue.self) { try Catalogue(path: fixture.path) }
        #expect(later?.unknown == ["holograms"] && later?.version == known.count + 1 && later?.knownVersion == known.count)
        let sentence = try #require(later?.description)
        for word in ["holograms", "version \(known.count + 1)", "version \(known.count)", known.last ?? "", fixture.path] {
            #expect(sentence.contains(word))
        }
        #expect(try Data(contentsOf: URL(filePath: fixture.path)) == before)
    }

    @Test("On a full disk a change that needs room is refused with nothing changed, and a deletion works")
    func isFull() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let account = try await catalogue.account(named: "ada")
        let track = try await song(1, account, in: catalogue)
        // SQLite says of a file that may not grow what it says of a full disk.
        try await catalogue.database.write(.keeping) { db in
            let pages: Int = try db.value("PRAGMA page_count") ?? 0
            try db.run("PRAGMA max_page_count = \(pages)")
        }
        await #expect(throws: CatalogueError.noRoom) {
            for number in 0..<1000 { _ = try await song(100 + number, account, in: catalogue) }
        }
        let count = try await catalogue.count(account: account)
        await #expect(throws: CatalogueError.noRoom) {
            try await catalogue.addPlaylist(
                named: "long", tracks: Array(repeating: track.id, count: 10_000), account: account)
        }
        #expect(try await catalogue.playlists(account: account).items.isEmpty)
        #expect(try await catalogue.remove(id: track.id, account: account) != nil)
        #expect(try await catalogue.count(account: account) == count - 1)
    }

    @Test("The reserve is given up while any change uses it, and taken again after the last")
    func reserve() throws {
        let fixture = try Fixture()
        let path = fixture.path + ".reserve"
        func held() throws -> Int {
            try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
        }
        let reserve = CatalogueReserve(path: path, size: 1 << 20)
        reserve.begin()
        reserve.end()
        #expect(try held() == 1 << 20)
        reserve.begin()
        reserve.begin()
        reserve.restore()
        #expect(try held() == 0)
        reserve.end()
        #expect(try held() == 0)
        reserve.end()
        #expect(try held() == 1 << 20)
        // The log is never too long for it.
        #expect(reserve.logPages * 4096 * 4 <= 1 << 20 && CatalogueReserve(path: path, size: 16 << 20).logPages == 1000)
    }
}
