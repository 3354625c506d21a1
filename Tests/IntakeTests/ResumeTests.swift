import Audio
import CodecProcess
import Foundation
import Glibc
import Locker
import TestSupport
import Testing

@testable import Intake
@testable import Originals

@Suite("An import that is run again", .timeLimit(.minutes(10))) struct ResumeTests {
    private let bench: Workbench
    private let account: Int64
    private var music: String { bench.root + "/music" }

    init() async throws {
        bench = try Workbench()
        account = try await bench.catalogue.localAccount()
    }

    private func run(_ paths: String...) async -> ImportSummary {
        await bench.intake.importPaths(paths.isEmpty ? [music] : paths, account: account)
    }

    private func counts(_ summary: ImportSummary) -> [Int] {
        [summary.imported, summary.existing, summary.moved, summary.updated, summary.refused.count]
    }

    private func tracks() async throws -> [Track] {
        try await bench.catalogue.tracks(account: account, sort: .added, limit: 500).items
    }

    /// Makes a file unreadable without a trace in what an import compares, so that reading it would be noticed.
    private func spoil(_ path: String) throws {
        var status = stat()
        try #require(stat(path, &status) == 0)
        let descriptor = open(path, O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(pwrite(descriptor, "X", 1, 0) == 1)
        try #require(futimens(descriptor, [status.st_atim, status.st_mtim]) == 0)
    }

    @Test("An import that is run again reads no file that is as it was")
    func skips() async throws {
        var paths: [String] = []
        for number in 0..<20 { paths.append(try bench.write(noise(100, seed: UInt64(number + 1)), to: "a/\(number).mp3")) }
        paths.append(try bench.write(Array("BAD".utf8), to: "bad.mp3"))
        #expect(counts(await run()) == [20, 0, 0, 0, 1])
        #expect(bench.ingest.runs == 21)
        let before = try await tracks()
        for path in paths { try spoil(path) }
        let again = await run()
        #expect(counts(again) == [0, 20, 0, 0, 1] && again.refused.first?.reason == "it is bad")
        #expect(bench.ingest.runs == 21)
        #expect(try await tracks() == before)
        // However the file is named.
        let relative = String(repeating: "../", count: 20) + paths[0].dropFirst()
        #expect(counts(await run(relative, paths[1], music + "//a/./2.mp3")) == [0, 3, 0, 0, 0])
    }

    @Test("An import that is run again tries what another ingest refused, and what could not be read")
    func triesAgain() async throws {
        let path = try bench.write(Array("BAD".utf8), to: "bad.mp3")
        #expect(counts(await run()) == [0, 0, 0, 0, 1])
        var limits = IngestLimits()
        limits.takesExtraFormats = true
        let other = bench.makeIntake(limits: limits)
        for _ in 0..<2 { _ = await other.importPaths([path], account: account) }
        #expect(bench.ingest.runs == 2)

        let missing = music + "/later.mp3"
        #expect(counts(await run(missing)) == [0, 0, 0, 0, 1])
        try bench.write(noise(10), to: "later.mp3")
        #expect(counts(await run(missing)) == [1, 0, 0, 0, 0])
    }

    @Test("An import follows moved and renamed files without reading them")
    func moves() async throws {
        try bench.write(noise(100, seed: 1), to: "one.mp3")
        try bench.write(noise(100, seed: 2), to: "folder/two.mp3")
        try bench.write(Array("BAD".utf8), to: "folder/bad.mp3")
        #expect(counts(await run()) == [2, 0, 0, 0, 1])
        let before = try await tracks()
        try FileManager.default.moveItem(atPath: music + "/one.mp3", toPath: music + "/eins.mp3")
        try FileManager.default.moveItem(atPath: music + "/folder", toPath: music + "/ordner")
        for name in ["eins.mp3", "ordner/two.mp3", "ordner/bad.mp3"] { try spoil(music + "/" + name) }
        #expect(counts(await run()) == [0, 0, 2, 0, 1])
        #expect(counts(await run()) == [0, 2, 0, 0, 1])
        #expect(bench.ingest.runs == 3)
        #expect(try await tracks() == before)
        let paths = try await bench.catalogue.importedPaths(under: Array(music.utf8), account: account)
        #expect(
            paths.map { String(decoding: $0, as: UTF8.self) }
                == ["eins.mp3", "ordner/bad.mp3", "ordner/two.mp3"].map { music + "/" + $0 })
    }

    @Test("An import knows a second name of a file for the same file")
    func links() async throws {
        let path = try bench.write(noise(100), to: "one.mp3")
        #expect(counts(await run()) == [1, 0, 0, 0, 0])
        try #require(link(path, music + "/same.mp3") == 0)
        try spoil(path)
        #expect(counts(await run()) == [0, 2, 0, 0, 0])
        #expect(counts(await run()) == [0, 2, 0, 0, 0])
        #expect(bench.ingest.runs == 1)
    }

    @Test("An import gives a track the new tags of its file, and the old Original goes")
    func updates() async throws {
        try bench.write(ScriptedSong(sound: 7, title: "Old", art: "picture").bytes, to: "song.mp3")
        #expect(counts(await run()) == [1, 0, 0, 0, 0])
        let old = try #require(try await tracks().first)
        try await bench.catalogue.markPlayed(id: old.id, account: account)
        try bench.write(ScriptedSong(sound: 7, title: "New", warnings: ["odd"]).bytes, to: "song.mp3", age: 1)
        let summary = await run()
        #expect(counts(summary) == [0, 0, 0, 1, 0] && summary.warned == 1 && summary.warnings.first?.warning == "odd")
        let new = try #require(try await tracks().first)
        #expect(try await tracks().count == 1 && new.id == old.id && new.added == old.added && new.played != nil)
        #expect(new.title == "New" && new.hash != old.hash && new.art == nil)
        let place = new.hash.hex
        #expect(
            try bench.files(in: "originals").map { String($0.suffix(from: $0.lastIndex(of: "/") ?? $0.startIndex).dropFirst()) }
                == [place, place + ".map", place + ".measures"])
        #expect(counts(await run()) == [0, 1, 0, 0, 0])
        #expect(bench.ingest.runs == 2)
    }

    @Test("An import keeps the old Original if another locker has it")
    func updatesOneLocker() async throws {
        let other = try await bench.catalogue.account(named: "other")
        let path = try bench.write(ScriptedSong(sound: 7, title: "Old").bytes, to: "song.mp3")
        let theirs = try await bench.intake.importFile(path, account: other).track
        #expect(counts(await run()) == [1, 0, 0, 0, 0])
        try bench.write(ScriptedSong(sound: 7, title: "New").bytes, to: "song.mp3", age: 1)
        #expect(counts(await run()) == [0, 0, 0, 1, 0])
        #expect(try await bench.catalogue.track(id: theirs.id, account: other) == theirs)
        #expect(try await bench.originals.contains(theirs.hash))
    }

    @Test("An import takes a file with another sound, or with a copy of the old one left, for a new track")
    func addsAnother() async throws {
        let song = ScriptedSong(sound: 7, title: "Old").bytes
        try bench.write(song, to: "song.mp3")
        try bench.write(song, to: "copy.mp3")
        #expect(counts(await run()) == [1, 1, 0, 0, 0])
        try bench.write(ScriptedSong(sound: 7, title: "New").bytes, to: "song.mp3", age: 1)
        #expect(counts(await run()) == [1, 1, 0, 0, 0])
        try bench.write(ScriptedSong(sound: 8, title: "New").bytes, to: "song.mp3", age: 2)
        #expect(counts(await run()) == [1, 1, 0, 0, 0])
        #expect(try await tracks().map(\.title) == ["Old", "New", "New"])
        // Only touched.
        try bench.write(song, to: "copy.mp3", age: 3)
        #expect(counts(await run()) == [0, 2, 0, 0, 0])
        // The very bytes of one that is there.
        try bench.write(song, to: "song.mp3", age: 4)
        #expect(counts(await run()) == [0, 2, 0, 0, 0])
        #expect(try await tracks().count == 3)
    }

    @Test("An import takes in a file again after its track was removed")
    func takesAgain() async throws {
        try bench.write(noise(100), to: "one.mp3")
        #expect(counts(await run()) == [1, 0, 0, 0, 0])
        for track in try await tracks() { try await bench.delete(track) }
        #expect(counts(await run()) == [1, 0, 0, 0, 0])
    }

    @Test("An import goes on where a cancelled one stopped: nothing twice, nothing missing")
    func resumes() async throws {
        for number in 0..<40 { try bench.write(noise(100, seed: UInt64(number + 1)), to: "\(number % 4)/\(number).mp3") }
        for stop in [5, 11, 23] {
            let intake = bench.intake
            let (reached, reach) = AsyncStream<Void>.makeStream()
            let task = Task { [music, account] in
                await intake.importPaths([music], account: account) { if $0.done == stop { reach.finish() } }
            }
            for await _ in reached {}
            task.cancel()
            let summary = await task.value
            #expect(summary.refused == [])
        }
        let last = await run()
        #expect(last.refused == [] && last.imported + last.existing == 40)
        let tracks = try await tracks()
        #expect(tracks.count == 40 && Set(tracks.map(\.hash)).count == 40)
        #expect(try bench.files(in: "originals").count == 120 && bench.files(in: "incoming") == [])
        // A file may be read twice only where the cancellation came between its ingest and its row.
        #expect(bench.ingest.runs <= 40 + 3 * bench.intake.slots.count)
    }

    @Test("An import's summary says what a person can act on")
    func summarises() async throws {
        for number in 0..<7 {
            try bench.write(
                ScriptedSong(sound: UInt64(number + 1), title: "\(number)", warnings: ["odd"]).bytes, to: "\(number).mp3")
        }
        for number in 0..<3 { try bench.write(Array("BAD\(number)".utf8), to: "bad\(number).mp3") }
        let missing = music + "/nothing.mp3"
        let summary = await run(music, missing)
        #expect(summary.warned == 7 && summary.warnings.count == ImportSummary.keptWarnings)
        let refusals = summary.refusals
        #expect(refusals.map(\.paths.count) == [3, 1] && refusals[0].reason == "it is bad")
        #expect(refusals[0].paths.sorted() == (0..<3).map { "\(music)/bad\($0).mp3" } && refusals[1].paths == [missing])
    }
}
