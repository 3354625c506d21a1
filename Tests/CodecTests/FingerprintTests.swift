import Audio
import CFFmpeg
import TestSupport
import Testing

@testable import Codec

@Suite("The render fingerprint stands for the chunks' bytes", .tags(.codec))
struct FingerprintTests {
    @Test("The fingerprint is the same every time, and names the libraries")
    func stability() throws {
        let fingerprint = try renderFingerprint()
        #expect(try renderFingerprint() == fingerprint)
        for library in ["libavcodec ", "libswresample ", "LAME ", "libopus "] { #expect(fingerprint.libraries.contains(library)) }
    }

    @Test("Equal fingerprints mean equal bytes, also without SIMD")
    func withoutSIMD() async {
        // libav's choice of SIMD holds for a whole process.
        await #expect(processExitsWith: .success) {
            let fast = try Self.sample()
            av_force_cpu_flags(0)
            let plain = try Self.sample()
            print(
                "fingerprint \(fast.fingerprint.value), without SIMD \(plain.fingerprint.value), bytes equal: \(fast.bytes == plain.bytes)"
            )
            #expect(fast.fingerprint != plain.fingerprint || fast.bytes == plain.bytes)
        }
    }

    private static func sample() throws -> (fingerprint: RenderFingerprint, bytes: [[UInt8]]) {
        let signal = TestSignal(channels: 2, samples: 100_000)
        var bytes: [[UInt8]] = []
        for codec in [SourceCodec.flac, .alac, .aac, .vorbis] {
            let track = try ReferenceTrack(signal, in: codec, sampleRate: 44_100)
            for name in ["mp3-64", "mp3-128", "opus-64"] {
                for plan in try track.plans(name) {
                    var renderer = Renderer()
                    var chunk: [UInt8] = []
                    try renderer.render(plan.job, packets: track.store.span.bytes.extracting(plan.byteRange)) { piece in
                        piece.withUnsafeBytes { chunk.append(contentsOf: $0) }
                    }
                    bytes.append(chunk)
                }
            }
        }
        return (try renderFingerprint(), bytes)
    }
}
