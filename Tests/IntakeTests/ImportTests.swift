import Audio
import CodecProcess
import Foundation
import Glibc
import Locker
import TestSupport
import Testing

@testable import Intake
@testable import Originals

@Suite("An import", .timeLimit(.minutes(10))) struct ImportTests {
    private func status(_ path: String) throws -> stat {
        var status = stat()
        let result = lstat(path, &status)
        try #require(result == 0)
        return status
    }

    @Test("An import never changes the source", arguments: [false, true])
    func keepsTheSource(link: Bool) async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        let bytes = noise(3 << 20)
        let path = try bench.write(bytes, to: "Song.flac")
        let before = try status(path)
        let admission = try await bench.intake.importFile(path, account: account, link: link)
        #expect(admission.isNew && admission.track.title == "Song")
        let after = try status(path)
        #expect(try Data(contentsOf: URL(filePath: path)) == Data(bytes))
        #expect(after.st_ino == before.st_ino && after.st_mode == before.st_mode)
        #expect(after.st_mtim.tv_sec == before.st_mtim.tv_sec && after.st_mtim.tv_nsec == before.st_mtim.tv_nsec)
        let stored = try status(bench.originals.path(of: admission.track.hash))
        #expect((stored.st_ino == before.st_ino) == link)
        #expect(after.st_nlink == (link ? 2 : 1))
        #expect(try bench.files(in: "incoming") == [])

        let again = try await bench.intake.importFile(path, account: account, link: link)
        #expect(again.track == admission.track && !again.isNew)
        #expect(bench.ingest.runs == 1)
        #expect(try bench.files(in: "incoming") == [])
    }

    @Test("A refused import leaves nothing", arguments: [false, true])
    func refuses(link: Bool) async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        let path = try bench.write(Array("BAD".utf8), to: "bad.mp3")
        await #expect(throws: IntakeError.refused(Refusal(.undecodable, "it is bad"))) {
            try await bench.intake.importFile(path, account: account, link: link)
        }
        #expect(try Data(contentsOf: URL(filePath: path)) == Data("BAD".utf8))
        try await bench.expectNothingLeft()
    }

    @Test("An import refuses a path that is no readable file")
    func refusesWhatIsNoFile() async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        let pipe = bench.root + "/music/pipe.mp3"
        try #require(mkfifo(pipe, 0o600) == 0)
        for path in [pipe, bench.root + "/music", bench.root + "/nothing.mp3", "/dev/null"] {
            let error = await #expect(throws: IntakeError.self) {
                try await bench.intake.importFile(path, account: account)
            }
            guard case .unreadable = error else { return #expect(Bool(false), "\(String(describing: error))") }
        }
        try await bench.expectNothingLeft()
    }

    private func library() throws -> Workbench {
        let bench = try Workbench()
        try bench.write(noise(100, seed: 1), to: "b/one.mp3", age: 30)
        try bench.write(noise(100, seed: 2), to: "b/two.FLAC", age: 10)
        try bench.write(noise(100, seed: 1), to: "copy of one.mp3", age: 20)
        try bench.write(Array("BAD".utf8), to: "a/bad.ogg", age: 5)
        try bench.write(noise(100, seed: 3), to: "a/cover.jpg")
        try bench.write(noise(100, seed: 4), to: "a/.hidden.mp3")
        try bench.write(noise(100, seed: 5), to: ".trash/gone.mp3")
        try bench.write(noise(100, seed: 6), to: "c/no extension", age: 40)
        try FileManager.default.createSymbolicLink(
            atPath: bench.root + "/music/b/loop", withDestinationPath: bench.root + "/music")
        try FileManager.default.createSymbolicLink(
            atPath: bench.root + "/music/a/dangling.mp3", withDestinationPath: bench.root + "/nothing")
        // A name in Latin-1: "ö.mp3".
        let descriptor = open(
            Array("\(bench.root)/music/".utf8CString.dropLast()) + [-10] + Array(".mp3".utf8CString), O_CREAT | O_WRONLY, 0o644)
        try #require(descriptor >= 0)
        let bytes = noise(100, seed: 7)
        try #require(Glibc.write(descriptor, bytes, 100) == 100)
        try #require(close(descriptor) == 0)
        return bench
    }

    @Test("An import of a folder takes in all it can, and names the rest")
    func walksFolders() async throws {
        let bench = try library()
        let account = try await bench.catalogue.localAccount()
        let music = bench.root + "/music"
        var reports: [ImportProgress] = []
        let summary = await bench.intake.importPaths(
            [music, music + "/c/no extension", music + "/nothing.mp3"], account: account
        ) { reports.append($0) }
        // Named, b/one or its copy, b/two and the Latin-1 name.
        #expect(summary.imported == 4 && summary.existing == 1)
        #expect(summary.refused.map(\.path) == [music + "/a/bad.ogg", music + "/nothing.mp3"])
        #expect(summary.refused.first?.reason == "it is bad")
        #expect(summary.refused.last?.reason.hasSuffix("No such file or directory") == true)
        #expect(reports.map(\.done) == Array(0...7))
        #expect(reports.allSatisfy { $0.total == 7 })
        #expect(summary.passedOver.text == "1 passed over: 1 not recognised")
        #expect(reports.first?.latest == nil && reports.compactMap(\.lastRefusal) == summary.refused)
        #expect(try await bench.catalogue.count(account: account) == 4)
        #expect(bench.ingest.mostRunning <= bench.intake.slots.count)

        let again = await bench.intake.importPaths([music], account: account)
        // What was taken in though its name does not say what it is stays known in its folder.
        #expect(again.imported == 0 && again.existing == 5 && again.refused.count == 1)
        #expect(try bench.files(in: "incoming") == [])
    }

    @Test("A walk finds files in the order of their paths")
    func ordersFiles() throws {
        let bench = try library()
        let files = FolderWalk().audioFiles(under: [bench.root + "/music"])
        #expect(files.map(\.path.text) == files.map(\.path.text).sorted() && files.count == 5)
        let named = FolderWalk().audioFiles(under: [bench.root + "/music/b/two.FLAC", bench.root + "/music/b"])
        #expect(named.first?.path.text.hasSuffix("two.FLAC") == true)
    }

    @Test("An import of the newest first begins with the newest")
    func beginsWithTheNewest() async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        for number in 0..<6 {
            try bench.write(noise(50, seed: UInt64(number)), to: "\(number).mp3", age: Double(number % 2 * 100 + number))
        }
        let files = FolderWalk().audioFiles(under: [bench.root + "/music"]).sorted { $0.modified > $1.modified }
        let names = files.map { $0.path.text.suffix(5) }
        #expect(names == ["0.mp3", "2.mp3", "4.mp3", "1.mp3", "3.mp3", "5.mp3"])
        var order: [Substring] = []
        _ = await bench.intake.importPaths([bench.root + "/music"], account: account, newestFirst: true) { progress in
            if let path = progress.latest?.path { order.append(path.suffix(5)) }
        }
        // As many at once as there are cores, so a file may overtake that many.
        for (place, name) in order.enumerated() {
            #expect(abs((names.firstIndex(of: name) ?? 99) - place) < max(2, bench.intake.slots.count))
        }
    }

    @Test("A cancelled import reports what it did")
    func isCancelled() async throws {
        let (started, start) = AsyncStream<Void>.makeStream()
        let bench = try Workbench(ScriptedIngest(.hangs) { start.finish() })
        let account = try await bench.catalogue.localAccount()
        for number in 0..<20 { try bench.write(noise(50, seed: UInt64(number)), to: "\(number).mp3") }
        let task = Task { await bench.intake.importPaths([bench.root + "/music"], account: account) }
        for await _ in started {}
        task.cancel()
        #expect(await task.value == ImportSummary())
        #expect(bench.ingest.runs <= bench.intake.slots.count)
        try await bench.expectNothingLeft()
    }
}
