import Audio
import Foundation
import Glibc
import Locker
import Logging
import TestSupport
import Testing

@testable import Intake
@testable import Originals

@Suite("A watched folder", .timeLimit(.minutes(10))) struct FolderWatchTests {
    private let bench: Workbench
    private let account: Int64
    private let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private var music: String { bench.root + "/music" }

    init() async throws {
        bench = try Workbench()
        account = try await bench.catalogue.localAccount()
    }

    private func pace(quiet: Duration = .milliseconds(30)) -> FolderWatch.Pace {
        var pace = FolderWatch.Pace()
        pace.quiet = quiet
        return pace
    }

    /// Follows the folder while `body` runs, as the server does; `body` waits by its argument for what it expects to see.
    private func following(
        _ pace: FolderWatch.Pace? = nil, _ body: (_ until: ([String]) async throws -> Void) async throws -> Void
    ) async throws {
        let watch = try FolderWatch(folder: music, pace: pace ?? self.pace(), logger: silent)
        await watch.begin()
        _ = await bench.intake.importFolder(music, account: account)
        let follower = Task { [bench, music, account] in
            while let changes = await watch.next() { _ = await bench.intake.importChanges(changes, in: music, account: account) }
        }
        defer { watch.stop() }
        try await body { titles in
            _ = try await eventually { try await self.titles() == titles }
            #expect(try await self.titles() == titles)
        }
        watch.stop()
        await follower.value
    }

    private func titles() async throws -> [String] {
        try await bench.catalogue.tracks(account: account, sort: .title, limit: 500).items.map(\.title)
    }

    private func known() async throws -> [String] {
        try await bench.catalogue.importedPaths(under: Array(music.utf8), account: account)
            .map { String(decoding: $0.dropFirst(music.utf8.count + 1), as: UTF8.self) }
    }

    private func awaitKnown(_ paths: [String]) async throws {
        _ = try await eventually { try await known() == paths }
        #expect(try await known() == paths)
    }

    private func move(_ old: String, _ new: String) throws {
        try FileManager.default.moveItem(atPath: "\(bench.root)/\(old)", toPath: "\(bench.root)/\(new)")
    }

    @Test("A watch takes in new files, also in new folders, and forgets those that go while their tracks stay")
    func follows() async throws {
        try bench.write(noise(50, seed: 1), to: "a.mp3")
        try await following { until in
            try await until(["a"])
            try bench.write(noise(50, seed: 2), to: "b.mp3")
            try await until(["a", "b"])
            try bench.write(noise(50, seed: 3), to: "new/deep/er/c.mp3")
            try await until(["a", "b", "c"])
            try bench.write(noise(50, seed: 4), to: "new/deep/er/d.mp3")
            try bench.write(noise(50, seed: 5), to: "new/deep/notes.txt")
            try bench.write(noise(50, seed: 5), to: "new/.hidden.mp3")
            try await until(["a", "b", "c", "d"])
            try await awaitKnown(["a.mp3", "b.mp3", "new/deep/er/c.mp3", "new/deep/er/d.mp3"])
            let runs = bench.ingest.runs

            try move("music/b.mp3", "music/new/e.mp3")
            try await awaitKnown(["a.mp3", "new/deep/er/c.mp3", "new/deep/er/d.mp3", "new/e.mp3"])
            try move("music/new", "music/other")
            try await awaitKnown(["a.mp3", "other/deep/er/c.mp3", "other/deep/er/d.mp3", "other/e.mp3"])
            #expect(bench.ingest.runs == runs)
            try bench.write(noise(50, seed: 6), to: "other/deep/f.mp3")
            try await until(["a", "b", "c", "d", "f"])

            try FileManager.default.removeItem(atPath: music + "/a.mp3")
            try move("music/other/deep", "away")
            try await awaitKnown(["other/e.mp3"])
            try bench.write(noise(50, seed: 7), to: "../away/g.mp3")
            try move("away", "music/back")
            try await until(["a", "b", "c", "d", "f", "g"])
            try await awaitKnown(["back/er/c.mp3", "back/er/d.mp3", "back/f.mp3", "back/g.mp3", "other/e.mp3"])
        }
        #expect(try bench.files(in: "incoming") == [])
    }

    @Test("A watch sees files that are changed, linked, or put beside a song")
    func seesChanges() async throws {
        try bench.write(ScriptedSong(sound: 7, title: "Old").bytes, to: "album/a.mp3")
        try await following { until in
            try await until(["Old"])
            try bench.write(ScriptedSong(sound: 7, title: "New").bytes, to: "album/a.mp3", age: 1)
            try await until(["New"])
            try bench.write(ScriptedSong(sound: 8, title: "Other").bytes, to: "album/a.mp3", age: 2)
            try await until(["New", "Other"])
            let outside = try bench.write(ScriptedSong(sound: 9, title: "Third").bytes, to: "../b.mp3")
            try #require(link(outside, music + "/third.mp3") == 0)
            try await until(["New", "Other", "Third"])
            try bench.write(ScriptedSong(sound: 10, title: "Fourth").bytes, to: "../linked/b.mp3")
            try #require(symlink(bench.root + "/linked", music + "/link") == 0)
            try await until(["Fourth", "New", "Other", "Third"])

            try bench.write(Array("[0:01]la".utf8), to: "album/a.lrc")
            let tracks = try await bench.catalogue.tracks(account: account, sort: .title).items
            let song = try #require(tracks.first { $0.title == "Other" })
            _ = try await eventually { try await bench.catalogue.lyrics(of: song.id, account: account) != nil }
            #expect(try await bench.catalogue.lyrics(of: song.id, account: account)?.text == "[0:01]la")
        }
    }

    @Test("A burst is one change, and a file is taken when its writer closes it")
    func gathers() async throws {
        // A burst is over when nothing comes for this long; the files are made elsewhere, so that little time passes in it.
        for number in 0..<50 { try bench.write(noise(10), to: "../elsewhere/\(number).mp3") }
        let watch = try FolderWatch(folder: music, pace: pace(quiet: .seconds(1)), logger: silent)
        await watch.begin()
        defer { watch.stop() }
        let descriptor = open(music + "/slow.mp3", O_CREAT | O_WRONLY, 0o644)
        try #require(descriptor >= 0)
        for number in 0..<50 { try #require(rename("\(bench.root)/elsewhere/\(number).mp3", "\(music)/\(number).mp3") == 0) }
        let burst = try #require(await watch.next())
        #expect(burst.files.count == 50 && !burst.isWhole && burst.folders.isEmpty)
        try #require(close(descriptor) == 0)
        let late = try #require(await watch.next())
        #expect(late.files.map { $0.text.suffix(8) } == ["slow.mp3"])
    }

    @Test("If the system gives no more watches the whole folder is looked at again and again")
    func fallsBack() async throws {
        var pace = pace()
        pace.mostWatches = 1
        pace.whole = .milliseconds(50)
        try bench.write(noise(50, seed: 1), to: "deep/a.mp3")
        try await following(pace) { until in
            try bench.write(noise(50, seed: 2), to: "deep/b.mp3")
            try await until(["a", "b"])
            try FileManager.default.removeItem(atPath: music + "/deep/a.mp3")
            try await awaitKnown(["deep/b.mp3"])
            // A disk that is not mounted is no reason to forget.
            try move("music", "unmounted")
            try FileManager.default.createDirectory(atPath: music, withIntermediateDirectories: false)
            try move("music", "empty")
            try move("unmounted", "music")
            try bench.write(noise(50, seed: 3), to: "deep/c.mp3")
            try await until(["a", "b", "c"])
        }
    }

    @Test("A folder that does not exist is awaited, and the watch ends at once")
    func awaitsTheFolder() async throws {
        var pace = pace()
        pace.whole = .milliseconds(50)
        try FileManager.default.removeItem(atPath: music)
        try await following(pace) { until in
            try bench.write(noise(50, seed: 2), to: "deep/b.mp3")
            try await until(["b"])
        }
        let watch = try FolderWatch(folder: music, logger: silent)
        await watch.begin()
        let waiting = Task { await watch.next() }
        watch.stop()
        #expect(await waiting.value == nil)
        #expect(await watch.next() == nil)
        let unused = try FolderWatch(folder: music, logger: silent)
        unused.stop()
    }

    @Test("Too many changes become a look at everything")
    func boundsChanges() {
        var changes = FolderChanges()
        let folder = Path(absolute: Array("/music".utf8))
        for number in 0..<20_000 {
            let name = Path.Name(bytes: Array("\(number).mp3".utf8))
            changes.noteFile(folder.appending(name), name: name, in: folder)
        }
        #expect(changes.isWhole && changes.files.isEmpty)
        var one = FolderChanges()
        one.noteFolder(folder)
        changes.add(one)
        #expect(changes.isWhole && changes.folders.isEmpty)
    }
}
