import Audio
import Foundation
import Locker
import TestSupport
import Testing

@testable import Intake
@testable import Originals

@Suite("Covers and lyrics", .timeLimit(.minutes(10))) struct BesideTests {
    private let bench: Workbench
    private let account: Int64

    init() async throws {
        bench = try Workbench()
        account = try await bench.catalogue.localAccount()
    }

    private func run() async throws -> [Track] {
        _ = await bench.intake.importPaths([bench.root + "/music"], account: account)
        return try await bench.catalogue.tracks(account: account, sort: .title, limit: 500).items
    }

    /// A PNG as far as its header goes.
    private func png(_ seed: UInt8, width: UInt8 = 9) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 0, width, 0, 0, 0, 7, seed]
    }

    private func stored(_ art: Art?) async throws -> [UInt8] {
        let art = try #require(art)
        return try await bench.originals.read(0..<art.bytes, of: .original, original: art.hash)
    }

    @Test("A cover inside the file is stored once, and goes with the last track that shows it")
    func embedded() async throws {
        try bench.write(ScriptedSong(sound: 1, title: "a", art: "picture").bytes, to: "a.mp3")
        try bench.write(ScriptedSong(sound: 2, title: "b", art: "picture").bytes, to: "b.mp3")
        try bench.write(png(1), to: "cover.png")
        let tracks = try await run()
        #expect(tracks.count == 2 && tracks[0].art == tracks[1].art && tracks[0].art?.isBeside == false)
        #expect(try await stored(tracks[0].art) == Array("picture".utf8))
        #expect(try bench.files(in: "originals").count == 7)
        try await bench.delete(tracks[0])
        #expect(try await stored(tracks[1].art) == Array("picture".utf8))
        try await bench.delete(tracks[1])
        try await bench.expectNothingLeft()
    }

    @Test("Another account's copy has the same cover, and its import costs no ingest")
    func shared() async throws {
        let other = try await bench.catalogue.account(named: "other")
        let song = ScriptedSong(sound: 1, title: "a", art: "picture").bytes
        let first = try await bench.upload(song, account: account).track
        let file = try bench.write(song, to: "a.wav")
        let second = try await bench.intake.importFile(file, account: other).track
        #expect(second.art == first.art && bench.ingest.runs == 1)
        for track in [first, second] { _ = try await bench.catalogue.remove(id: track.id, account: track.account) }
        let third = try await bench.upload(song, account: account).track
        #expect(third.art == first.art)
        try await bench.delete(third)
        try await bench.expectNothingLeft()
    }

    @Test(
        "A folder's picture is for the songs that have none",
        arguments: ["folder.png", "Cover.PNG", "front.jpg", "FRONT.webp"])
    func folderArt(name: String) async throws {
        try bench.write(ScriptedSong(sound: 1, title: "a").bytes, to: "album/a.mp3")
        try bench.write(ScriptedSong(sound: 2, title: "b", art: "picture").bytes, to: "album/b.mp3")
        try bench.write(ScriptedSong(sound: 3, title: "c").bytes, to: "c.mp3")
        // The name does not count, the bytes do.
        try bench.write(png(1), to: "album/" + name)
        let tracks = try await run()
        #expect(tracks[0].art?.isBeside == true && tracks[0].art?.format == .png)
        #expect(try await stored(tracks[0].art) == png(1))
        #expect(try await stored(tracks[1].art) == Array("picture".utf8))
        #expect(tracks[2].art == nil)
        let other = try await bench.catalogue.account(named: "other")
        #expect(try await bench.upload(ScriptedSong(sound: 1, title: "a").bytes, account: other).track.art == nil)
    }

    @Test("A picture that comes later, and another in its place, are found without reading the song")
    func laterArt() async throws {
        try bench.write(ScriptedSong(sound: 1, title: "a").bytes, to: "album/a.mp3")
        #expect(try await run()[0].art == nil)
        try bench.write(png(1), to: "album/cover.png")
        #expect(try await stored(run()[0].art) == png(1))
        try bench.write(png(2), to: "album/cover.png", age: 5)
        #expect(try await stored(run()[0].art) == png(2))
        try bench.write(png(3), to: "album/folder.png")
        #expect(try await stored(run()[0].art) == png(3))
        #expect(try bench.files(in: "originals").count == 4)
        try bench.write(Array("[0:01]la".utf8), to: "album/A.lrc")
        let track = try await run()[0]
        #expect(try await stored(track.art) == png(3))
        #expect(try await bench.catalogue.lyrics(of: track.id, account: account)?.text == "[0:01]la")
        #expect(bench.ingest.runs == 1)
        try await bench.delete(track)
        try await bench.expectNothingLeft()
    }

    @Test("A file that is no picture, or too large a one, is passed over", arguments: [0, 1, 2, 3])
    func badArt(kind: Int) async throws {
        let bytes = [
            Array("GIF89a, not taken".utf8), [], png(1) + Array(repeating: 7, count: Picture.Limit.bytes), png(1, width: 0)
        ][kind]
        try bench.write(ScriptedSong(sound: 1, title: "a").bytes, to: "a.mp3")
        try bench.write(bytes, to: "cover.png")
        #expect(try await run()[0].art == nil)
        #expect(try bench.files(in: "originals").count == 3)
    }

    @Test("Lyrics beside the file are the track's", arguments: [nil, "plain", "[0:01]timed"] as [String?])
    func lyrics(embedded: String?) async throws {
        try bench.write(ScriptedSong(sound: 1, title: "a", lyrics: embedded).bytes, to: "One song.mp3")
        try bench.write(Array("[00:12.00]beside\r\n[00:13.00]it".utf8), to: "one Song.LRC")
        let track = try await run()[0]
        let lyrics = try await bench.catalogue.lyrics(of: track.id, account: account)
        let beside = TrackTags.Lyrics(text: "[00:12.00]beside\n[00:13.00]it", isSynchronised: true)
        #expect(
            lyrics == (embedded?.hasPrefix("[") == true ? TrackTags.Lyrics(text: "[0:01]timed", isSynchronised: true) : beside))
    }

    @Test(
        "An .lrc file is read in any encoding",
        arguments: [
            (Array("\u{FEFF}ü".utf8), "ü", false), (Array("ü\r\n\r\nx\n".utf8), "ü\n\nx", false),
            ([0xFF, 0xFE, 0xFC, 0, 0x3C, 0xD8, 0xB5, 0xDF], "ü🎵", false), ([0xFE, 0xFF, 0, 0xFC, 0], "ü", false),
            ([0xFC, 0x0A], "ü", false), ([], nil, false), (Array(" \n\n".utf8), nil, false),
            (Array("[ti:x]\n[1:02]y".utf8), "[ti:x]\n[1:02]y", true), (Array("[ar:1]\n[x]\n[:]".utf8), "[ar:1]\n[x]\n[:]", false),
            (Array("[01:02.55]".utf8), "[01:02.55]", true)
        ] as [([UInt8], String?, Bool)])
    func decodes(bytes: [UInt8], text: String?, isSynchronised: Bool) {
        #expect(TrackTags.Lyrics(file: bytes) == text.map { TrackTags.Lyrics(text: $0, isSynchronised: isSynchronised) })
    }

    @Test("Lyrics beyond the limit are cut at the end of a line")
    func cutsLyricsAtALine() throws {
        let lyrics = try #require(TrackTags.Lyrics(file: Array(String(repeating: "[00:01]é\n", count: 8000).utf8)))
        #expect(lyrics.text.utf8.count <= TrackTags.Lyrics.maximumBytes && lyrics.text.hasSuffix("[00:01]é"))
    }

    @Test("A map made again brings its cover and measures to the row")
    func remakes() async throws {
        let song = ScriptedSong(sound: 5, title: "a", art: "picture").bytes
        let track = try await bench.upload(song, account: account).track
        var poorer = try await bench.originals.trackMap(of: track.hash)
        poorer.art = nil
        _ = try await bench.catalogue.remeasure(
            track.hash, map: poorer, measures: SoundMeasures(), art: nil, announced: bench.catalogue.announce([track.hash]))
        try await bench.originals.remove(#require(track.art).hash)
        _ = try await bench.intake.remakeMap(track.hash)
        #expect(try await bench.catalogue.track(id: track.id, account: account) == track)
        #expect(try await stored(track.art) == Array("picture".utf8))
        // Without a row there is nothing to make it for.
        _ = try await bench.catalogue.remove(id: track.id, account: account)
        try await bench.originals.remove(#require(track.art).hash)
        _ = try await bench.intake.remakeMap(track.hash)
        #expect(try bench.files(in: "originals").count == 3 && bench.files(in: "incoming") == [])
    }
}

@Suite("A picture's header") struct PictureHeaderTests {
    private static let jpeg: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xC4, 0, 3, 9, 0xFF, 0xC2, 0, 11, 8, 1, 0, 2, 0]

    @Test(
        "A picture's header says its format and its size",
        arguments: [
            (jpeg, Picture.Format.jpeg, 512, 256),
            (
                [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 1, 0, 0, 0, 2, 1],
                .png, 256, 513
            ),
            (webp("VP8 ", [0, 0, 0, 0x9D, 1, 0x2A, 0x40, 1, 0xF0, 0]), .webp, 320, 240),
            (webp("VP8L", [0x2F, 0x3F, 0xC1, 0x3B, 0, 0, 0, 0, 0, 0]), .webp, 320, 240),
            (webp("VP8X", [0, 0, 0, 0, 0x3F, 1, 0, 0xEF, 0, 0]), .webp, 320, 240)
        ] as [([UInt8], Picture.Format, Int, Int)])
    func reads(bytes: [UInt8], format: Picture.Format, width: Int, height: Int) {
        #expect(Picture(header: bytes) == Picture(format: format, width: width, height: height, bytes: bytes.count))
        for length in 0..<(bytes.count - (format == .jpeg ? 2 : 1)) { #expect(Picture(header: Array(bytes[..<length])) == nil) }
    }

    private static func webp(_ kind: String, _ rest: [UInt8]) -> [UInt8] {
        Array("RIFF\0\0\0\0WEBP\(kind)\0\0\0\0".utf8) + rest
    }

    @Test("A picture beyond the limit is none")
    func limits() {
        var large = Self.jpeg
        large[large.count - 4] = 0xFF
        large[large.count - 2] = 0xFF
        #expect(Picture(header: large) == nil)
        #expect(Picture(header: noise(100)) == nil)
        for seed in 0..<2000 {
            _ = Picture(header: [0xFF, 0xD8, 0xFF] + noise(60, seed: UInt64(seed)))
            _ = Picture(header: Self.webp("VP8X", noise(10, seed: UInt64(seed))))
        }
    }
}
