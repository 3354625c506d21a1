import Audio
import Foundation
import NIOCore
import Packaging
import TestSupport
import Testing

extension EndToEnd {
    /// The other half of `CodecTests`' suite of that name: there the error is set against that of one continuous encode.
    @Suite("A track that begins loud begins right, in everyone's decoder", .tags(.http, .oracle, .slow))
    struct StartTests {
        /// A rendition as a file, and where in it sound has to be right.
        private struct Listening {
            let name: String
            let file: String
            let grid: FrameGrid
            /// The rendition's sample that a decoder gives first, where it trims the priming.
            var start = 0
            /// Samples of what a decoder that starts there cannot know.
            var unknown = 0
            /// Samples of priming that a decoder may give before ``start``: ffmpeg and Chromium follow no edit list of a fragmented file.
            var priming = 0
        }

        @Test("The first 100 ms of every rung, and of Opus after an entry, are right in every decoder (Opus began wrong)")
        func decoders() async throws {
            let folder = try TemporaryFolder()
            let loud = LoudWave(seconds: 7.5)
            let path = try folder.write(loud.wav, to: "loud.wav")
            try await Server.run { server in
                let track = try await server.add(path)
                var listenings: [Listening] = []
                let few = ["mp3-128", "opus-24", "opus-64", "aac-96"]
                for stream in track.renditions where stream.name != "original" && (Program.isLong || few.contains(stream.name)) {
                    let layout = try track.layout(of: stream)
                    let bytes = Array(try await server.client.whole(stream.url).readableBytesView)
                    let ending = ["opus": "opus", "aac": "m4a"][stream.ladder] ?? "mp3"
                    let file = try folder.write(bytes, to: "\(stream.name).\(ending)")
                    let priming = stream.ladder == "aac" ? layout.grid.encoderDelay : 0
                    listenings.append(Listening(name: "\(stream.name) file", file: file, grid: layout.grid, priming: priming))
                    guard stream.isOpus else { continue }
                    let chunk = FrameGrid.chunksPerSegment
                    let entered = layout.header + bytes[layout.byteRange(ofChunk: chunk).lowerBound...]
                    listenings.append(
                        Listening(
                            name: "\(stream.name) entered", file: try folder.write(entered, to: "\(stream.name)-entered.opus"),
                            grid: layout.grid, start: layout.grid.frames(ofChunk: chunk).lowerBound * 960, unknown: 960))
                }
                for rendition in Ladder.aac.rungs where !rendition.isMono && (Program.isLong || few.contains(rendition.name)) {
                    listenings.append(try await joined(rendition, track, server, folder))
                }
                // MP3 once, AAC as a file and in segments, Opus twice.
                #expect(listenings.count == (Program.isLong ? 33 : 7))
                for listening in listenings { try await judge(listening, original: path) }
                guard Program.isLong else { return }
                let verdict = try await Script(name: "decoded").run(
                    ["48000"] + listenings.map(\.file), of: "loud starts", seconds: 600)
                #expect(verdict.problems == [])
                #expect(verdict.figures["decoded"] == Double(listenings.count))
                for listening in listenings {
                    try await expectRight(try floats(bytes(of: listening.file + ".f32")), "Chromium", listening, at: 48_000, path)
                }
            }
        }

        /// The init section of an AAC rung and all its segments, one behind the other.
        private func joined(
            _ rendition: Rendition, _ track: Track, _ server: Server, _ folder: TemporaryFolder
        ) async throws -> Listening {
            let source = SourceFormat(codec: .pcmS16LE, sampleRate: track.sampleRate, channels: track.channels)
            let grid = try #require(FrameGrid(rendition, source: source, samples: track.samples))
            let count = try #require(SegmentLayout(grid: grid)).count
            var bytes: [UInt8] = []
            for part in ["init.mp4"] + (0..<count).map({ "\($0).m4s" }) {
                let answer = try await server.client.get("/hls/\(track.id)/\(rendition.name)/\(part)")
                try #require(answer.status == 200)
                bytes += Array(answer.body.readableBytesView)
            }
            let file = try folder.write(bytes, to: "\(rendition.name).mp4")
            return Listening(name: rendition.name, file: file, grid: grid, priming: grid.encoderDelay)
        }

        private func judge(_ listening: Listening, original: String) async throws {
            let rate = listening.grid.output.sampleRate
            let raw = ["-t", "0.5", "-f", "f32le", "-"]
            guard listening.grid.rendition.ladder == .opus else {
                if listening.grid.rendition.ladder == .mp3 {
                    let mpg123 = try await make("mpg123", ["-q", "--gapless", "-e", "f32", "-s", listening.file])
                    try await expectRight(floats(mpg123.bytes), "mpg123", listening, at: rate, original)
                }
                let ffmpeg = try await make("ffmpeg", ["-nostdin", "-v", "error", "-i", listening.file] + raw)
                try await expectRight(floats(ffmpeg.bytes), "ffmpeg", listening, at: rate, original)
                return
            }
            for decoder in ["opus", "libopus"] {
                let output = try await make("ffmpeg", ["-nostdin", "-v", "error", "-c:a", decoder, "-i", listening.file] + raw)
                try await expectRight(floats(output.bytes), "ffmpeg's \(decoder)", listening, at: rate, original)
            }
            let output = try await make("opusdec", ["--quiet", "--float", "--rate", "48000", listening.file, "-"])
            try await expectRight(floats(output.bytes), "opusdec", listening, at: rate, original)
        }

        /// The error is far below the signal in every 20 ms of the first 100 that a decoder can know.
        private func expectRight(
            _ decoded: [Float], _ decoder: String, _ listening: Listening, at rate: Int, _ original: String
        ) async throws {
            let channels = listening.grid.output.channels
            let from = Double(listening.start) / Double(listening.grid.output.sampleRate)
            let output = try await make(
                "ffmpeg",
                ["-nostdin", "-v", "error", "-i", original, "-ac", "\(channels)", "-ar", "\(rate)", "-f", "f32le", "-"])
            let signal = floats(output.bytes).dropFirst(Int(from * Double(rate)) * channels)
            let unknown = listening.unknown * rate / listening.grid.output.sampleRate
            /// The error of the worst block over the signal, in dB, where the decoder gives `late` samples of priming first.
            func worst(_ late: Int) -> Double {
                (0..<5).reduce(-Double.infinity) { worst, block in
                    let first = (unknown + block * rate / 50) * channels
                    var (error, energy) = (1e-9, 1e-9)
                    for index in first..<(first + rate / 50 * channels) {
                        let expected = signal[signal.startIndex + index]
                        let place = index + late * channels
                        let difference = Double((decoded.indices.contains(place) ? decoded[place] : 0) - expected)
                        error += difference * difference
                        energy += Double(expected * expected)
                    }
                    return max(worst, 10 * log10(error / energy))
                }
            }
            let priming = (listening.priming * rate + listening.grid.output.sampleRate / 2) / listening.grid.output.sampleRate
            let found = min(worst(0), worst(priming))
            // The worst block of all of this wave has -6.7 in opus-24, the first five -7.8.
            #expect(found < -6.5, "\(listening.name) by \(decoder): \(found) dB over the signal")
        }

        private func floats(_ bytes: [UInt8]) -> [Float] { bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } }
    }
}
