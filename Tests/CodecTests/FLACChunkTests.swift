import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

@Suite("Chunks of FLAC", .tags(.codec, .oracle))
struct FLACChunkTests {
    /// A FLAC file of all chunks' frames behind a STREAMINFO that knows nothing but the format.
    static func file(_ frames: [UInt8], _ grid: FrameGrid) -> [UInt8] {
        var head = Array("fLaC".utf8) + [0x80, 0, 0, 34, 0x12, 0, 0x12, 0] + [UInt8](repeating: 0, count: 6)
        let format =
            UInt64(grid.output.sampleRate) << 44 | UInt64(grid.output.channels - 1) << 41
            | UInt64(grid.output.bitsPerSample - 1) << 36 | UInt64(grid.outputSamples)
        head += (0..<8).map { UInt8(truncatingIfNeeded: format >> (56 - 8 * $0)) } + [UInt8](repeating: 0, count: 16)
        return head + frames
    }

    /// The frames of sized chunks.
    static func frames(_ chunks: [UInt8]) throws -> [[UInt8]] {
        let divided = EncodedFrames(chunks.span.bytes)
        var offset = 0
        return try #require(divided).sizes.map { size in
            defer { offset += EncodedFrames.prefixBytes + size }
            return Array(chunks[(offset + EncodedFrames.prefixBytes)..<(offset + EncodedFrames.prefixBytes + size)])
        }
    }

    struct Shape: Sendable, CustomTestStringConvertible {
        let rate: Int
        let bits: Int
        var testDescription: String { "\(rate) Hz, \(bits) bits" }
    }

    @Test(
        "All chunks together are one FLAC file that decodes to exactly the source's samples",
        arguments: [
            Shape(rate: 44_100, bits: 16), Shape(rate: 48_000, bits: 24), Shape(rate: 8_000, bits: 16),
            Shape(rate: 96_000, bits: 24), Shape(rate: 22_050, bits: 16), Shape(rate: 192_000, bits: 24),
            Shape(rate: 37_800, bits: 16)
        ])
    func lossless(_ shape: Shape) throws {
        let wav = try Tools.ffmpeg(
            Music(seconds: 7.3, sampleRate: shape.rate).wav, ["-c:a", shape.bits == 16 ? "pcm_s16le" : "pcm_s24le"], to: "a.wav")
        let sound = try Sound(ingesting: wav)
        let grid = try sound.grid("flac")
        #expect(grid.output.bitsPerSample == shape.bits && grid.output.sampleRate == shape.rate && grid.chunkCount >= 3)
        let flac = Self.file(try Self.frames(try sound.render(grid)).flatMap { $0 }, grid)
        let verdict = try Tools.run(flac, to: "b.wav") { ["flac", "-d", "-s", "-o", $1, $0] }
        // Both WAV files hold the samples behind heads of their own.
        let size = grid.outputSamples * grid.output.channels * shape.bits / 8
        #expect(verdict.suffix(size) == wav.suffix(size))
        #expect(flac.count < size)
    }
}
