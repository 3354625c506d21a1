import Audio
import Foundation
import Glibc
import Locker
import TestSupport
import Testing

@testable import Intake

@Suite("Files in a folder without an audio file's name", .timeLimit(.minutes(10))) struct PassedOverTests {
    private let bench: Workbench
    private let account: Int64
    private var music: String { bench.root + "/music" }
    private static let matroska: [UInt8] = [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x86, 0x81, 1]

    init() async throws {
        bench = try Workbench()
        account = try await bench.catalogue.localAccount()
    }

    private func run(_ paths: String...) async -> ImportSummary {
        await bench.intake.importPaths(paths.isEmpty ? [music] : paths, account: account)
    }

    private func titles() async throws -> [String] {
        try await bench.catalogue.tracks(account: account, sort: .title, limit: 500).items.map(\.title)
    }

    /// Writes over the first bytes of a file without a trace in what an import compares.
    private func overwrite(_ path: String, _ bytes: String) throws {
        var status = stat()
        try #require(stat(path, &status) == 0)
        let descriptor = open(path, O_WRONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(pwrite(descriptor, bytes, bytes.utf8.count, 0) == bytes.utf8.count)
        try #require(futimens(descriptor, [status.st_atim, status.st_mtim]) == 0)
    }

    @Test("A file without an audio name is taken in if its first bytes are of sound, else counted (koel#1249, owntone#1392)")
    func looks() async throws {
        let songs = [
            ("a.webm", Self.matroska), ("b.weba", Self.matroska), ("c.mkv", Self.matroska), ("d", Array("ID3".utf8)),
            ("e.xyz", Array("fLaC".utf8)), ("f.mov", Array("\0\0\0\u{14}ftypqt  ".utf8)), ("01. g", Array("OggS".utf8))
        ]
        for (place, (name, head)) in songs.enumerated() {
            try bench.write(head + noise(100, seed: UInt64(place + 1)), to: name)
        }
        for name in [
            "notes.txt", "rip.log", "front.jpg", "other.png", "book.pdf", "all.cue", "all.zip", "a.lrc", "none.lrc", "x.mp3.part",
            ".hidden.mp3", ".DS_Store", "data.bin", "more"
        ] {
            try bench.write(Array("nothing ".utf8) + noise(100, seed: 99), to: name)
        }
        let summary = await run()
        #expect(summary.imported == 7 && summary.refused.isEmpty)
        #expect(try await titles() == ["01. g", "a", "b", "c", "d", "e.xyz", "f"])
        #expect(
            summary.passedOver.text
                == "10 passed over: 2 not recognised, 2 texts, 1 picture, 1 lyrics of no song, 1 cue sheet, 1 document, 1 archive, "
                + "1 unfinished or temporary")

        // None is read again: it would be found to be sound now.
        let runs = bench.ingest.runs
        try overwrite(music + "/data.bin", "fLaC")
        let again = await run()
        #expect(again.imported == 0 && again.existing == 7 && again.passedOver == summary.passedOver && bench.ingest.runs == runs)
        // Unless it changes, or somebody names it.
        try bench.write(Array("fLaC".utf8) + noise(50), to: "more", age: 5)
        #expect(await run().imported == 1)
        #expect(await run(music + "/data.bin").imported == 1)
        #expect(await run().existing == 9)
    }

    @Test("A file without an audio name in which ingest finds no sound is refused with the reason")
    func refuses() async throws {
        let bad = try bench.write(Array("BAD".utf8), to: "bad")
        #expect(await run().refused.isEmpty)
        #expect(await run(bad).refused.map(\.reason) == ["it is bad"])
        #expect(await run().refused.map(\.reason) == ["it is bad"])
    }

    @Test("A push finds the songs and playlists of a folder, and counts the files that it passes over")
    func found() throws {
        try bench.write(Self.matroska, to: "film/f.mkv")
        try bench.write(noise(50), to: "film/noise")
        try bench.write(noise(50), to: "a.mp3")
        try bench.write(noise(50), to: "a.jpg")
        try bench.write([], to: "lists/a.m3u")
        let found = FoundFiles(under: [music])
        #expect(found.songs.map { String(decoding: $0, as: UTF8.self) } == [music + "/a.mp3", music + "/film/f.mkv"])
        #expect(found.playlists.map { String(decoding: $0, as: UTF8.self) } == [music + "/lists/a.m3u"])
        #expect(found.passedOver.text == "2 passed over: 1 not recognised, 1 picture")
        #expect(FoundFiles(under: [music + "/lists/a.m3u"]).playlists.count == 1)
    }
}
