import Audio
import TestSupport
import Testing

@testable import Codec

/// `padzeros-after-id3.mp3`, `id3-toolong.mp3`.
@Suite("MP3 frames are found behind whatever taggers leave in front of them", .tags(.codec))
struct FrameSearchTests {
    private static let mp3 = Result {
        try Tools.ffmpeg(
            Music(seconds: 1, sampleRate: 32_000, channels: 1).wav, ["-id3v2_version", "0", "-b:a", "48k"], to: "a.mp3")
    }

    private static func id3(size: Int, _ body: [UInt8]) -> [UInt8] {
        Array("ID3".utf8) + [3, 0, 0] + [21, 14, 7, 0].map { UInt8(size >> $0 & 0x7F) } + body
    }

    private static func random(_ count: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: 14)
        return (0..<(count / 8)).flatMap { _ in
            let word = generator.next()
            return (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
    }

    /// The file whose frames stand behind `front` is the one without it.
    private func expectFound(behind front: [UInt8], _ comment: Comment? = nil) throws {
        let mp3 = try Self.mp3.get()
        let (alone, aloneMeasures) = try Sound(ingesting: mp3).found
        let (map, measures) = try IngestRun(front + mp3).found
        #expect((map.leadIn, map.samples) == (alone.leadIn, alone.samples), comment)
        #expect(measures.soundHash == aloneMeasures.soundHash && map.packets.count == alone.packets.count, comment)
        #expect(map.packets[0].offset == front.count + alone.packets[0].offset, comment)
    }

    @Test("Frames are found behind zeros and spaces", arguments: [0 as UInt8, 0x20], [1000, 65_536, 70_000, 1_000_000])
    func padding(_ byte: UInt8, count: Int) throws {
        let padding = [UInt8](repeating: byte, count: count)
        try expectFound(behind: padding)
        try expectFound(behind: Self.id3(size: 100, [UInt8](repeating: 0, count: 100)) + padding)
        try expectFound(behind: Self.id3(size: 14, Array("TIT2".utf8) + [0, 0, 0, 4, 0, 0, 0] + Array("pad".utf8)) + padding)
        try expectFound(behind: Self.id3(size: 0, Array(String(repeating: "words of the tag ", count: 60).utf8)) + padding)
        if byte == 0 { try expectFound(behind: Array("some words".utf8) + padding + Array("and more".utf8)) }
    }

    @Test("Frames are found behind a tag whose size reaches beyond the file's end", arguments: [500_000, 0xFFF_FFFF])
    func tooLong(size: Int) throws {
        try expectFound(behind: Self.id3(size: size, Array("TIT2".utf8) + [0, 0, 0, 2, 0, 0, 0] + Array("T".utf8)))
        try expectFound(behind: Self.id3(size: size, [UInt8](repeating: 0, count: 100_000)))
    }

    @Test("Frames are found behind a tag whose size reaches into them", arguments: [1500, 2000, 4000])
    func intoTheFrames(excess: Int) throws {
        try expectFound(behind: Self.id3(size: 300 + excess, [UInt8](repeating: 0, count: 300)))
    }

    @Test("Frames are found behind a tag with a cover that is longer than its size", arguments: [0, 10, 1000])
    func tooShort(size: Int) throws {
        try expectFound(behind: Self.id3(size: size, Self.random(300_000)))
    }

    @Test("Frames are found behind a tag with a cover whose size is no ID3 number")
    func plainSize() throws {
        try expectFound(behind: Array("ID3".utf8) + [3, 0, 0, 0, 3, 0x0D, 0x90] + Self.random(200_080))
    }

    @Test("The search for frames ends somewhere")
    func bounds() throws {
        let mp3 = try Self.mp3.get()
        for front in [Self.random(80_000), [UInt8](repeating: 0, count: 17 << 20)] {
            #expect(IngestRun(front + mp3).refusal?.kind == .unsupportedFormat)
        }
        for file in [Self.id3(size: 100, Self.random(1 << 20)), Self.id3(size: 0xFFF_FFFF, Self.random(1 << 20))] {
            #expect(IngestRun(file).refusal?.kind == .unsupportedFormat)
        }
    }

    @Test("Many short runs of frames that lead nowhere take no longer than their bytes")
    func runs() throws {
        // Three frames of 24 bytes and a byte of something else, over and over, before the end of a tag that is too long.
        let frame = [0xFF, 0xF3, 0x14, 0xC4] + [UInt8](repeating: 0x55, count: 20)
        let runs = Array((0..<8000).map { _ in frame + frame + frame + [1] }.joined())
        let mp3 = try Self.mp3.get()
        let start = processorTime()
        let run = IngestRun(Self.id3(size: runs.count + 700, runs) + mp3)
        #expect(run.verdicts.count == 1)
        #expect(processorTime() - start < 20)
    }

    @Test(
        "Frames are found in the reported files", .enabled(if: Corpus.cases != nil, "../shared/cases does not exist"),
        arguments: [
            "padzeros-after-id3.mp3", "id3-toolong.mp3"
        ])
    func reported(_ name: String) throws {
        let (map, measures) = try Sound(ingesting: try Corpus.reported(name)).found
        #expect((map.leadIn, map.samples, map.source.sampleRate) == (1105, 32_000, 32_000))
        #expect(measures.warnings == [])
    }
}
