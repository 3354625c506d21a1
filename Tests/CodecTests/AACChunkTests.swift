import Audio
import TestSupport
import Testing

@testable import Codec

@Suite("Chunks of AAC", .tags(.codec))
struct AACChunkTests {
    @Test(
        "A chunk of AAC has its frames, each within what the standard allows, and keeps to its share of bits",
        arguments: Ladder.aac.rungs.map(\.name), [1, 2])
    func frames(_ name: String, _ channels: Int) throws {
        let sound = Music(seconds: 7.3, channels: channels).sound
        let grid = try sound.grid(name)
        var renderer = Renderer()
        for chunk in 0..<grid.chunkCount {
            let sizes = try FLACChunkTests.frames(try sound.render(grid, chunk, with: &renderer)).map(\.count)
            #expect(sizes.count == grid.frames(ofChunk: chunk).count)
            #expect(sizes.allSatisfy { $0 <= 768 * grid.output.channels })
            let share = Double((sizes.count - (chunk == 0 ? 1 : 0)) * 1024 * grid.rendition.bitrate * 125)
            #expect(Double(sizes.reduce(0, +) * grid.output.sampleRate) <= 1.12 * share)
        }
    }

    @Test("Noise, which takes more bits than there are, is encoded again until it fits")
    func noise() throws {
        let source = SourceFormat(codec: .pcmS16LE, sampleRate: 44_100, channels: 2, bitsPerSample: 16, blockAlign: 4)
        var seed: UInt32 = 5
        let packets: [(bytes: [UInt8], samples: Int)] = (0..<140).map { packet in
            let bytes = (0..<4000).map { _ in
                seed = seed &* 1_664_525 &+ 1_013_904_223
                // Bursts between silences are what the rate control foresees worst.
                return packet % 7 < 4 ? 0 : UInt8(truncatingIfNeeded: seed >> 24)
            }
            return (bytes, 1000)
        }
        let sound = Sound(source, leadIn: 0, packets: packets)
        var renderer = Renderer()
        for name in ["aac-64", "aac-128", "aac-256"] {
            let grid = try sound.grid(name)
            for chunk in 0..<grid.chunkCount {
                let bytes = try sound.render(grid, chunk, with: &renderer)
                let frames = try FLACChunkTests.frames(bytes)
                let share = (frames.count - (chunk == 0 ? 1 : 0)) * 1024 * grid.rendition.bitrate * 125
                #expect(Double(frames.reduce(0) { $0 + $1.count } * 44_100) <= 1.12 * Double(share))
                #expect(try sound.render(grid, chunk, with: &renderer) == bytes)
            }
        }
    }

    @Test(
        "A chunk of AAC or FLAC is the same from a fresh renderer and in any order (invariant 1)", arguments: ["aac-64", "flac"])
    func purity(_ name: String) throws {
        let sound = Music(seconds: 9.1).sound
        let grid = try sound.grid(name)
        var used = Renderer()
        for chunk in [2, 0, 3, 1, 2] {
            var fresh = Renderer()
            #expect(try sound.render(grid, chunk, with: &used) == sound.render(grid, chunk, with: &fresh))
        }
    }
}
