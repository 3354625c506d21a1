import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Loudness", .tags(.oracle, .slow), .enabled(if: Corpus.isThere, "SWEETSPOT_CORPUS names no folder"))
    struct LoudnessTests {
        private static let music = Program.isLong ? Corpus.music : Array(Corpus.music.prefix(5))

        @Test("Loudness is what ffmpeg's ebur128 measures", arguments: music)
        func agrees(path: String) async throws {
            let loudness = try #require(try await Finding.inspect(path).loudness)
            let peer = try await summary(of: path)
            let name = URL(filePath: path).lastPathComponent
            print("\(name), ours and ffmpeg's: \(loudness.integrated) LUFS, \(peer.integrated);", terminator: " ")
            print("range \(loudness.range), \(peer.range); true peak \(loudness.truePeak), \(peer.peak)")
            // ffmpeg prints one decimal.
            #expect(abs(loudness.integrated - peer.integrated) <= 0.1 + 0.05, "\(name)")
            // EBU Tech 3342 asks for a window of 3 s at least every second: libebur128 takes ten times fewer than ffmpeg.
            #expect(abs(loudness.range - peer.range) <= 1.5, "\(name)")
            // Both oversample, with filters of their own.
            #expect(abs(loudness.truePeak - peer.peak) <= 0.5, "\(name)")
        }

        /// The three figures of ffmpeg's summary, in LUFS, LU and dBTP.
        private func summary(of path: String) async throws -> (integrated: Double, range: Double, peak: Double) {
            let output = try await make(
                "ffmpeg",
                [
                    "-nostdin", "-v", "info", "-i", path, "-map", "0:a:0", "-af", "ebur128=peak=true:framelog=verbose", "-f",
                    "null", "-"
                ])
            let text = output.errors
            let tail = text[(text.range(of: "Summary:")?.lowerBound ?? text.startIndex)...]
            func figure(_ label: String) -> Double? {
                tail.split(separator: "\n").first { $0.trimmingCharacters(in: .whitespaces).hasPrefix(label) }?
                    .split(separator: " ").dropFirst().first.flatMap { Double($0) }
            }
            return (try #require(figure("I:")), try #require(figure("LRA:")), try #require(figure("Peak:")))
        }
    }
}
