import Audio
import TestSupport
import Testing

@testable import Codec

@Suite("No value of a sample brings an encoder down", .tags(.codec))
struct HostileSampleTests {
    @Test(
        "Float samples that are no numbers, infinite or absurd are encoded",
        arguments: [
            Float.nan, .signalingNaN, .infinity, -.infinity, .greatestFiniteMagnitude, -1e30, .leastNonzeroMagnitude, 63, -63,
            1e3,
            1e5, 1e6
        ], [1, 2, 7, 1000])
    func floats(_ value: Float, every period: Int) throws {
        var bytes: [UInt8] = []
        var seed: UInt32 = 7
        for sample in 0..<(4 * 44_100) {
            seed = seed &* 1_664_525 &+ 1_013_904_223
            let hostile = seed & 1 << 20 == 0 ? value : -value
            let bits = (sample % period == 0 ? hostile : Float(sample % 200) / 400).bitPattern
            bytes += (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt32($0))) }
        }
        let source = SourceFormat(codec: .pcmF32LE, sampleRate: 44_100, channels: 2, bitsPerSample: 32, blockAlign: 8)
        let packets = stride(from: 0, to: bytes.count, by: 8000).map { start in
            (Array(bytes[start..<min(start + 8000, bytes.count)]), (min(start + 8000, bytes.count) - start) / 8)
        }
        let sound = Sound(source, leadIn: 0, packets: packets)
        for name in ["mp3-48", "mp3-96", "mp3-128", "opus-24", "opus-64"] {
            let grid = try sound.grid(name)
            let total = (0..<grid.chunkCount).reduce(0) { $0 + grid.byteCount(ofChunk: $1) }
            #expect(try sound.render(grid).count == total, "\(name)")
        }
    }
}
