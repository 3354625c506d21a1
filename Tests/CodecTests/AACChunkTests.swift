import Audio
import Testing

@testable import Codec

@Suite("Chunks of AAC")
struct AACChunkTests {
    @Test("a chunk has its frames, each within what the standard allows, and keeps to its share", arguments: Ladder.aac.rungs.map(\.name), [1, 2])
    func frames(_ name: String, _ channels: Int) throws {
        let sound = Music(seconds: 7.3, channels: channels).sound
        let grid = try sound.grid(name)
        var renderer = Renderer()
        for chunk in 0..<grid.chunkCount {
            let bytes = try sound.render(grid, chunk, with: &renderer)
            let frames = EncodedFrames(bytes.span.bytes)
            let sizes = try #require(frames).sizes
            #expect(sizes.count == grid.frames(ofChunk: chunk).count)
            #expect(sizes.max() ?? 0 <= 768 * grid.output.channels)
            let average = Double(sizes.reduce(0, +) * 8 * grid.output.sampleRate) / Double(sizes.count * 1024) / 1000
            print(name, channels, chunk, average)
        }
    }
}
