import Audio
import TestSupport
import Testing

@testable import Codec

@Suite("Ingest hands on what the tags say", .tags(.codec))
struct IngestedTagTests {
    private typealias Made = MadeTags

    @Test("Tags and picture are in the map, and the picture's bytes come before the verdict")
    func handedOn() throws {
        let picture = Made.png(300, 200, padding: 200_000)
        let bare = try Tools.ffmpeg(Music(seconds: 1).wav, ["-id3v2_version", "0"], to: "a.mp3")
        let frame = Made.frame(4, "APIC", [0, 0, 3, 0] + picture)
        let run = IngestRun(Made.id3(4, Made.text(4, "TPE1", "A\0B") + frame) + bare)
        let map = try run.verdict.get()
        #expect(map.tags.artists == ["A", "B"])
        #expect(map.art == Picture(format: .png, width: 300, height: 200, bytes: picture.count))
        #expect(run.artBytes == picture)
        #expect(try TrackMap(decoding: map.encoded()) == map)
        #expect(IngestRun(bare).artBytes == [])
    }

    @Test("A format without a reader of ours keeps libavformat's reading")
    func fallback() throws {
        let file = try Tools.ffmpeg(
            Music(seconds: 1).wav, ["-c:a", "flac", "-metadata", "title=Title", "-metadata", "artist=A"], to: "a.mka")
        let map = try IngestRun(file).verdict.get()
        #expect(map.tags.title == "Title" && map.tags.artist == "A" && map.tags.artists == ["A"] && map.art == nil)
    }
}
