import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

/// jellyfin#17543, shaka-packager#112, m4b-tool#135, fdkaac#59.
@Suite("Edit lists and gapless tags say which samples are the track", .tags(.codec))
struct EditListTests {
    private typealias Edit = MP4File.Edit

    /// Two seconds: 88 access units, of which 1,024 samples are priming and the last lasts 136.
    private static let file = Result {
        MP4File(try Tools.ffmpeg(Music(seconds: 2).wav, ["-c:a", "aac", "-b:a", "96k"], to: "a.m4a"))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var edits: [MP4File.Edit]
        var version = 0
        var gapless: (priming: Int, samples: Int, padding: Int)?
        var leadIn = 1024
        var samples = 88_200
        var warnings: [String] = []
        var testDescription: String { name }
    }

    static let cases = [
        Case(name: "none", edits: [], leadIn: 0, samples: 89_224),
        Case(name: "one", edits: [.init(2000, 1024)]),
        Case(name: "long numbers", edits: [.init(2000, 1024)], version: 1),
        Case(name: "dur0", edits: [.init(0, 1024)]),
        Case(name: "empty-first", edits: [.init(500, -1), .init(2000, 1024)]),
        Case(name: "empty-first, long numbers", edits: [.init(500, -1), .init(2000, 1024)], version: 1),
        Case(name: "empty-first, dur0", edits: [.init(500, -1), .init(0, 1024)]),
        Case(name: "empty alone", edits: [.init(500, -1)], leadIn: 0, samples: 89_224),
        Case(name: "two-contig", edits: [.init(1000, 1024), .init(1000, 45_124)]),
        Case(name: "two to the end", edits: [.init(1000, 1024), .init(0, 45_124)]),
        Case(name: "a pause between", edits: [.init(1000, 1024), .init(300, -1), .init(1000, 45_124)]),
        Case(name: "no time between", edits: [.init(1000, 1024), .init(0, 7), .init(1000, 45_124)]),
        Case(
            name: "a gap", edits: [.init(500, 1024), .init(500, 67_174)], warnings: [MP4Movie.severalEdits]),
        Case(
            name: "a second twice", edits: [.init(1000, 1024), .init(1000, 1024)], samples: 44_100,
            warnings: [MP4Movie.severalEdits]),
        Case(
            name: "backwards", edits: [.init(1000, 45_124), .init(1000, 1024)], warnings: [MP4Movie.severalEdits]),
        Case(name: "a part", edits: [.init(1000, 2048)], leadIn: 2048, samples: 44_100),
        Case(name: "one tick too short", edits: [.init(1999, 1024)]),
        Case(name: "one tick too long", edits: [.init(2001, 1024)]),
        Case(name: "two ticks too short", edits: [.init(1998, 1024)], samples: 88_112),
        Case(name: "beyond the end", edits: [.init(0xFFFF_FFFF, 1024)]),
        Case(name: "beyond all numbers", edits: [.init(.max, 1024)], version: 1),
        Case(
            name: "behind the end", edits: [.init(1000, 500_000)], leadIn: 0, samples: 89_224, warnings: [MP4Movie.deadEdits]),
        Case(
            name: "far behind the end", edits: [.init(1000, .max - 1)], version: 1, leadIn: 0, samples: 89_224,
            warnings: [MP4Movie.deadEdits]),
        Case(name: "smpb-only", edits: [], gapless: (1024, 88_200, 888)),
        Case(name: "half, SBR", edits: [], gapless: (512, 44_100, 444)),
        Case(name: "conflict", edits: [.init(2000, 1024)], gapless: (2112, 60_000, 460), warnings: [MP4Movie.staleTag]),
        Case(
            name: "stale, no edits", edits: [], gapless: (1024, 40_000, 888), leadIn: 0, samples: 89_224,
            warnings: [MP4Movie.staleTag]),
        Case(
            name: "promises too much", edits: [], gapless: (1024, 900_000, 888), leadIn: 0, samples: 89_224,
            warnings: [MP4Movie.staleTag]),
        Case(name: "the tag is finer", edits: [.init(1999, 1024)], gapless: (1024, 88_188, 900), samples: 88_188),
        Case(name: "an edit of everything", edits: [.init(2024, 0)], gapless: (1024, 88_200, 888)),
        Case(name: "another start", edits: [.init(1900, 512)], gapless: (1024, 88_200, 888)),
        Case(
            name: "cut since", edits: [.init(1000, 22_050)], gapless: (1024, 88_200, 888), leadIn: 22_050, samples: 44_100)
    ]

    @Test("An edit list and a gapless tag give the track's first sample and its length", arguments: cases)
    func edits(_ expected: Case) throws {
        var file = try Self.file.get().with(expected.edits, version: expected.version)
        if let tag = expected.gapless { file = file.with(gapless: tag.priming, tag.samples, tag.padding) }
        let (map, measures) = try Sound(ingesting: file.bytes).found
        #expect((map.leadIn, map.samples) == (expected.leadIn, expected.samples))
        #expect(measures.warnings == expected.warnings)
        #expect(!map.usesPacketFile && map.packets.count == 88)
        #expect(try TrackMap(decoding: map.encoded()) == map)
    }

    @Test("A fragmented file has its exact length", arguments: ["aac", "libopus", "flac", "alac"])
    func fragments(codec: String) throws {
        let rate = codec == "libopus" ? 48_000 : 44_100
        let music = Music(seconds: 2.5, sampleRate: rate)
        let flags = ["-strict", "-2", "-movflags", "dash+delay_moov+default_base_moof", "-frag_duration", "500000"]
        let file = try Tools.ffmpeg(music.wav, ["-c:a", codec] + flags, to: "a.mp4")
        let (map, measures) = try Sound(ingesting: file).found
        #expect(map.samples == music.count)
        #expect(measures.warnings == [])
    }

    @Test("Edit lists count in tracks of the other codecs too", arguments: ["libopus", "flac", "alac"])
    func otherCodecs(codec: String) throws {
        let rate = codec == "libopus" ? 48_000 : 44_100
        let music = Music(seconds: 2, sampleRate: rate)
        let file = MP4File(try Tools.ffmpeg(music.wav, ["-strict", "-2", "-c:a", codec], to: "a.mp4"))
        #expect(try Sound(ingesting: file.bytes).map.samples == music.count)
        let start = codec == "libopus" ? 312 : 0
        for edits in [[Edit(1000, start), Edit(1000, start + rate)], [Edit(700, -1), Edit(2000, start)], [Edit(0, start)], []] {
            let map = try Sound(ingesting: file.with(edits).bytes).map
            #expect((map.leadIn, map.samples) == (start, music.count), "\(edits)")
        }
        let part = try Sound(ingesting: file.with([Edit(1000, rate / 2)]).bytes).map
        #expect((part.leadIn, part.samples) == (rate / 2, rate))
    }

    @Test("Files joined as they are last as long as their table says, and lose only what lies between them")
    func joined() throws {
        let part = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: part) }
        try Data(try Self.file.get().bytes).write(to: part)
        let list = String(repeating: "file '\(part.path)'\n", count: 3)
        let bytes = try Tools.ffmpeg(
            Array(list.utf8), ["-c", "copy"], to: "a.m4a", inputOptions: ["-f", "concat", "-safe", "0"])
        let whole = MP4File(bytes).with([Edit(6024, 0)])
        for file in [whole, whole.with(gapless: 1024, 88_200, 888)] {
            let map = try Sound(ingesting: file.bytes).map
            #expect((map.leadIn, map.samples) == (0, 1024 + 3 * 88_200))
            #expect(map.packets.count == 3 * 88)
        }
        // The last access unit of a part lasts 136 samples, and the priming of the next lasts none.
        let packets = try Sound(ingesting: whole.bytes).map.packets
        #expect((86...89).map { packets[$0].samples } == [1024, 136, 0, 1024])
    }

    @Test("The edit list of an HE-AAC track, whose clock runs at half the rate, counts in its samples")
    func halfRate() throws {
        let edit: [UInt8] = [0, 0, 0x07, 0xD0, 0, 0, 4, 0, 0, 1, 0, 0]
        let edts = MP4File.box("edts", MP4File.box("elst", [0, 0, 0, 0, 0, 0, 0, 1] + edit))
        func clock(_ name: String, _ timescale: Int, _ duration: Int) -> [UInt8] {
            let numbers = MP4File.number(timescale, 4) + MP4File.number(duration, 4)
            return MP4File.box(name, [UInt8](repeating: 0, count: 12) + numbers)
        }
        let handler = MP4File.box("hdlr", [UInt8](repeating: 0, count: 8) + Array("soun".utf8))
        let media = MP4File.box("mdia", clock("mdhd", 22_050, 46_000) + handler)
        let movie = MP4File.box("moov", clock("mvhd", 1000, 2086) + MP4File.box("trak", edts + media))
        try FileViewTests.with(movie) { file in
            let movie = MP4Movie(file, from: 0)
            #expect(movie.expectedLeadIn(sampleRate: 44_100, preSkip: 0) == 2048)
            let media = MP4Movie.Media(decoded: 92_160, end: 92_000, sampleRate: 44_100)
            #expect(movie.sound(of: media) == MP4Movie.Sound(range: 2048..<(2048 + 88_200)))
        }
    }

    @Test(
        "The reported files with edit lists have their exact length",
        .enabled(if: Corpus.cases != nil, "../shared/cases does not exist"),
        arguments: [
            ("joined-stale.m4a", 265_624, 1), ("joined.m4a", 265_624, 0), ("conflict.m4a", 88_200, 1),
            ("smpb-only.m4a", 88_200, 0),
            ("frag-dash.m4a", 88_200, 0), ("two-contig.m4a", 88_200, 0), ("empty-first.m4a", 88_200, 0), ("dur0.m4a", 88_200, 0),
            ("itunes.mp3", 88_200, 0)
        ])
    func reported(_ name: String, samples: Int, warnings: Int) throws {
        let (map, measures) = try Sound(ingesting: try Corpus.reported(name)).found
        #expect(map.samples == samples)
        #expect(measures.warnings.count == warnings)
    }

    @Test("Hostile numbers in an edit list trap nothing", arguments: 0..<200 as Range<UInt64>)
    func hostile(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var file = try Self.file.get().with([Edit(1000, 1024), Edit(1000, 45_124)], version: Int(seed % 2)).bytes
        for name in ["elst", "mdhd", "mvhd", "stts"] {
            let start = try #require(file.indices.last { file[$0...].starts(with: name.utf8) })
            for place in (start + 4)..<min(start + 44, file.count) where generator.next() % 4 == 0 {
                file[place] = generator.next() % 2 == 0 ? 0xFF : UInt8(truncatingIfNeeded: generator.next())
            }
        }
        let run = IngestRun(file)
        #expect(run.verdicts.count == 1)
        guard let map = try? run.verdict.get() else { return }
        #expect(map.samples > 0 && map.leadIn >= 0 && map.leadIn + map.samples <= map.packets.sampleCount)
    }
}
