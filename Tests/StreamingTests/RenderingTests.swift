import Audio
import Testing

@testable import Streaming

@Suite("Names of chunks")
struct RenderingTests {
    private static func rendering(
        original: UInt8 = 7, rung: String = "mp3-128", value: UInt32 = 1, libraries: String = "a"
    ) throws -> Rendering {
        let source = SourceFormat(codec: .flac, sampleRate: 44_100, channels: 2)
        let map = TrackMap(
            container: "flac", source: source, originalBytes: 1, leadIn: 0, samples: 44_100 * 60, packets: PacketTable(),
            usesPacketFile: false)
        let rendition = try #require(Rendition(named: rung))
        let grid = try #require(FrameGrid(rendition, source: source, samples: map.samples))
        let hash = try #require(OriginalHash(bytes: Array(repeating: original, count: 32)))
        return Rendering(
            of: hash, map: map, grid: grid, fingerprint: RenderFingerprint(value: value, libraries: libraries))
    }

    /// Invariant 1: a chunk's bytes are a function of just these.
    @Test("A chunk's name differs with original, rendition, number, fingerprint and libraries, and with nothing else")
    func identity() throws {
        let renderings = try [
            Self.rendering(), Self.rendering(original: 8), Self.rendering(rung: "mp3-96"), Self.rendering(rung: "opus-128"),
            Self.rendering(value: 2), Self.rendering(libraries: "b")
        ]
        let names = renderings.flatMap { rendering in (0..<100).map(rendering.name) }
        #expect(Set(names).count == names.count)
        let again = try Self.rendering()
        #expect((0..<100).map(again.name) == Array(names[..<100]))
        #expect(ChunkRequest(again, 5).name == names[5])
        // As `printf 'chunks 2 %s' ETAG | sha256sum` says.
        #expect(ChunkName(firstOf: "00112233445566778899aabbccddeeff").path == "9b/c6eb5e6d524a48563546fb75916efb")
    }
}
