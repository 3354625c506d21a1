import Audio
import TestSupport
import Testing

@testable import Codec

@Suite("Opus packets are all alike in size and mode", .tags(.codec))
struct OpusChunkTests {
    @Test("All packets of a rung have one size and one mode", arguments: Ladder.opus.rungs.map(\.name), [1, 2])
    func packets(_ name: String, _ channels: Int) throws {
        let sound = Music(seconds: 3.7, channels: channels).sound
        let grid = try sound.grid(name)
        var renderer = Renderer()
        for chunk in 0..<grid.chunkCount {
            let bytes = try sound.render(grid, chunk, with: &renderer)
            #expect(bytes.count == grid.byteCount(ofChunk: chunk))
            #expect(bytes.count == grid.frames(ofChunk: chunk).count * grid.opusPacketBytes)
            let tables = Set(stride(from: 0, to: bytes.count, by: grid.opusPacketBytes).map { bytes[$0] })
            // Configuration 31 (CELT, fullband, 20 ms), one frame; RFC 6716 §3.1.
            #expect(tables == [grid.output.channels == 1 ? 0xF8 : 0xFC])
        }
    }

    @Test("Silence and full-scale noise stay in CELT mode", arguments: Ladder.opus.rungs.map(\.name))
    func extremes(_ name: String) throws {
        let source = SourceFormat(codec: .pcmS16LE, sampleRate: 48_000, channels: 2, bitsPerSample: 16, blockAlign: 4)
        var seed: UInt32 = 3
        let packets: [(bytes: [UInt8], samples: Int)] = (0..<144).map { packet in
            let bytes = (0..<4000).map { _ in
                seed = seed &* 1_664_525 &+ 1_013_904_223
                return packet < 72 ? 0 : UInt8(truncatingIfNeeded: seed >> 24)
            }
            return (bytes, 1000)
        }
        let sound = Sound(source, leadIn: 0, packets: packets)
        let grid = try sound.grid(name)
        #expect(try sound.render(grid).count == grid.frameCount * grid.opusPacketBytes)
    }
}
