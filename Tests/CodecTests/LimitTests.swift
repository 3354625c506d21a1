import Audio
import TestSupport
import Testing

@testable import Codec

@Suite("Ingest goes as far as its limits and no further", .tags(.codec))
struct LimitTests {
    private static func refusal(_ file: [UInt8], _ change: (inout IngestLimits) -> Void) -> Refusal? {
        var limits = IngestLimits()
        change(&limits)
        return IngestRun(file, limits).refusal
    }

    @Test("A file beyond the limit of duration, channels, rate or packets is refused")
    func bounds() throws {
        let flac = try Tools.ffmpeg(Music(seconds: 3).wav, [], to: "a.flac")
        #expect(Self.refusal(flac) { $0.seconds = 3 } == nil)
        for change: (inout IngestLimits) -> Void in [
            { $0.seconds = 1 }, { $0.channels = 1 }, { $0.sampleRate = 22_050 }, { $0.packets = 5 }
        ] {
            let refusal = try #require(Self.refusal(flac, change))
            #expect(refusal.kind == .tooLarge)
        }
        #expect(try #require(Self.refusal(flac) { $0.seconds = 1 }).offset ?? 0 > 0)
    }

    @Test("Silence that expands beyond the limit is refused")
    func expansion() throws {
        // Eight channels of silence: 7 MiB of sound in a few kilobytes.
        let flac = try Tools.ffmpeg(
            Music(seconds: 0.1).wav, ["-map", "0", "-c:a", "flac"], to: "a.flac",
            inputOptions: ["-f", "lavfi", "-i", "anullsrc=r=48000:cl=7.1:d=5"])
        func refusal(_ expansion: Int, free: Int) -> Refusal? {
            Self.refusal(flac) { ($0.expansion, $0.expansionFree) = (expansion, free) }
        }
        #expect(try #require(refusal(100, free: 1 << 20)).kind == .tooLarge)
        #expect(refusal(100, free: 8 << 20) == nil)
        #expect(refusal(100_000, free: 1 << 20) == nil)
    }

    @Test(
        "Formats beside the core ones are taken only if the owner says so",
        arguments: [
            ("a.wv", "wavpack"), ("a.tta", "tta"), ("a.wma", "wmav2"), ("a.mka", "aac"), ("a.webm", "libopus"), ("a.caf", "alac")
        ])
    func extra(_ name: String, _ codec: String) throws {
        let file = try Tools.ffmpeg(Music(seconds: 1.5).wav, ["-c:a", codec], to: name)
        let refusal = try #require(Self.refusal(file) { _ in })
        #expect(refusal.kind == .unsupportedFormat)
        #expect(refusal.reason.contains("ingest.extra"))
        let sound = try Sound(ingesting: file)
        let grid = try sound.grid("mp3-128")
        #expect(try sound.render(grid).count == (0..<grid.chunkCount).reduce(0) { $0 + grid.byteCount(ofChunk: $1) })
        if sound.map.source.codec.isLossless { #expect(sound.map.samples == Music(seconds: 1.5).count) }
        #expect(sound.measures.warnings == [])
    }
}
