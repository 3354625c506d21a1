import Audio
import TestSupport
import Testing

@testable import Codec

/// m4b-tool#135 in an MP3: `itunes.mp3`.
@Suite("The gapless tag in an MP3's comment counts if it is about the frames", .tags(.codec))
struct GaplessMP3Tests {
    private static let music = Music(seconds: 2)

    /// 78 frames without an Info frame; LAME's delay is 576 samples.
    private static let bare = Result { try encoded(["-t"]) }
    private static let padding = 78 * 1152 - 576 - 88_200

    private static func encoded(_ arguments: [String]) throws -> [UInt8] {
        try Tools.run(music.wav, to: "a.mp3") { ["lame", "--quiet", "-b", "160"] + arguments + [$0, $1] }
    }

    private static func tag(_ version: UInt8, _ text: [UInt8]) -> [UInt8] {
        MadeTags.id3(
            version,
            MadeTags.text(version, version == 2 ? "TT2" : "TIT2", "T")
                + MadeTags.frame(version, version == 2 ? "COM" : "COMM", Array("\0engiTunSMPB\0".utf8) + text))
    }

    @Test("The gapless tag counts in every version of ID3, after the decoder's delay", arguments: [2, 3, 4] as [UInt8])
    func sound(_ version: UInt8) throws {
        let tag = Self.tag(version, MP4File.gaplessText(576, 88_200, Self.padding))
        let (map, measures) = try Sound(ingesting: tag + Self.bare.get()).found
        #expect((map.leadIn, map.samples) == (576 + 529, 88_200))
        #expect(measures.warnings == [])
        #expect(map.tags.title == "T" && map.tags.comment == "")
    }

    @Test("The gapless tag counts in UTF-16")
    func utf16() throws {
        let text = String(decoding: MP4File.gaplessText(576, 88_200, Self.padding), as: UTF8.self)
        let comment = [1] + Array("eng".utf8) + MadeTags.utf16("iTunSMPB") + [0, 0] + MadeTags.utf16(text)
        let map = try Sound(ingesting: MadeTags.id3(3, MadeTags.frame(3, "COMM", comment)) + Self.bare.get()).map
        #expect((map.leadIn, map.samples) == (576 + 529, 88_200))
    }

    @Test("A gapless tag about other frames is not followed, with a warning", arguments: [1, -1152, 88_200])
    func stale(difference: Int) throws {
        let tag = Self.tag(3, MP4File.gaplessText(576, 88_200 + difference, Self.padding))
        let (map, measures) = try Sound(ingesting: tag + Self.bare.get()).found
        #expect((map.leadIn, map.samples) == (0, 78 * 1152))
        #expect(measures.warnings == [MP4Movie.staleTag])
    }

    @Test("An encoder's own tag comes first if it is signed")
    func signed() throws {
        let file = try Self.encoded([])
        let alone = try Sound(ingesting: file).map
        #expect(alone.samples == 88_200)
        let (map, measures) = try Sound(ingesting: Self.tag(3, MP4File.gaplessText(0, 89_000, 856)) + file).found
        #expect((map.leadIn, map.samples) == (alone.leadIn, alone.samples))
        #expect(measures.warnings == [])
    }

    @Test(
        "A malformed gapless tag is none",
        arguments: [
            "", " ", "iTunSMPB", " 0 0 0", " 00000000 00000840 000001CA 0000000000000000", " 00000000 FFFFFFFF 000001CA 00001000",
            " 0 1 1 FFFFFFFFFFFFFFFFFFFF", " 0 -1 1 1000", " 0 1 1 7FFFFFFFFFFFFFFF"
        ])
    func malformed(_ text: String) {
        #expect(GaplessTag(text) == nil || text.contains("-"))
        #expect((GaplessTag(text)?.priming ?? 0) >= 0)
    }
}
