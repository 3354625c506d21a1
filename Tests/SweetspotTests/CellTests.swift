import Foundation
import NIOCore
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A Stream is a file, before any of it is encoded", .tags(.http, .oracle, .slow))
    struct CellTests {
        /// One rendition of one track, at two servers that share nothing but the Original.
        private struct Cell: Sendable {
            let name: String
            let track: Track
            let stream: Track.Stream
            let other: Track.Stream
        }

        /// 33 signals: every sample rate, in mono, stereo and 5.1, in turn as FLAC and WAV of 16 and 24 bits.
        private static let signals: [Signal] = {
            let rates = [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000]
            let kinds = [Signal.Kind.flac16, .wav24, .flac24, .wav16]
            return rates.enumerated().flatMap { place, rate in
                [1, 2, 6].enumerated().map { step, channels in
                    Signal(
                        rate, channels: channels, seconds: Program.isLong ? 7 + Double(place) / 10 : 4,
                        kind: kinds[(place + step) % kinds.count])
                }
            }
        }()

        private static var chosenSignals: [Signal] {
            guard !Program.isLong else { return signals }
            let few = [19, 0, 29, 5, 22, 13, 31, 9].map { signals[$0] }
            return Array(few.prefix(few.count - chosenMusic.count))
        }

        private static var chosenMusic: [String] {
            guard !Program.isLong else { return Corpus.music }
            return [".mp3", ".m4a", ".opus"].compactMap { suffix in Corpus.music.first { $0.hasSuffix(suffix) } }
        }

        private static let rangesPerCell = Program.isLong ? 200 : 20
        private static let floor = Program.isLong ? (Corpus.isThere ? 650 : 400) : 16

        @Test("Every rung has its exact length, gives any range from two processes, and satisfies players")
        func everyCell() async throws {
            let music = try TemporaryFolder()
            for signal in Self.chosenSignals { _ = try await signal.write(in: music) }
            for path in Self.chosenMusic {
                try FileManager.default.copyItem(atPath: path, toPath: music.path + "/" + URL(filePath: path).lastPathComponent)
            }
            let arguments = ["--open", "--music", music.path]
            let count = try await Server.run(arguments) { one in
                try await Server.run(arguments) { two in
                    let cells = try await cells(one.client, two.client)
                    #expect(Set(cells.map(\.stream.ladder)).isSuperset(of: ["mp3", "opus", "aac"]))
                    try await inParallel(Program.isLong ? 12 : 8, cells) { try await check($0, one.client, two.client) }
                    return cells.count
                }
            }
            print("cells: \(count) renditions, \(Self.rangesPerCell) ranges each")
            #expect(count >= Self.floor)
        }

        private func cells(_ one: Client, _ two: Client) async throws -> [Cell] {
            let tracks = try await one.tracks()
            let others = Dictionary(uniqueKeysWithValues: try await two.tracks().map { ($0.sha256, $0) })
            try #require(tracks.count == Self.chosenSignals.count + Self.chosenMusic.count)
            #expect(Set(tracks.map(\.samples)).isSuperset(of: Self.chosenSignals.map(\.samples)))
            return try tracks.enumerated().flatMap { place, track in
                let other = try #require(others[track.sha256])
                let streams = track.renditions
                try #require(!streams.isEmpty)
                let few = (0..<2).map { streams[($0 * streams.count / 2 + place * 3) % streams.count] }
                let chosen = Program.isLong ? streams : few
                return try chosen.map { stream in
                    Cell(
                        name: "\(track.title) \(stream.name)", track: track, stream: stream,
                        other: try #require(other.stream(stream.name)))
                }
            }
        }

        private func check(_ cell: Cell, _ one: Client, _ two: Client) async throws {
            let length = cell.stream.bytes
            let head = try await one.head(cell.stream.url)
            #expect(head.status == 200 && head.length == length, "\(cell.name): HEAD")
            #expect(cell.stream.etag == cell.other.etag && head["etag"] == "\"\(cell.stream.etag)\"", "\(cell.name): ETag")

            var random = SeededGenerator(seed: UInt64(length))
            var parts: [(range: Range<Int>, bytes: ByteBuffer)] = []
            for _ in 0..<Self.rangesPerCell {
                let range = Self.range(in: length, &random)
                let isOne = Bool.random(using: &random)
                parts.append(
                    (range, try await (isOne ? one : two).part(range, of: (isOne ? cell.stream : cell.other).url, length: length))
                )
            }
            let body = try await one.whole(cell.stream.url)
            #expect(body.readableBytes == length, "\(cell.name): length")
            for (range, bytes) in parts {
                #expect(body.getSlice(at: range.lowerBound, length: range.count) == bytes, "\(cell.name): \(range)")
            }
            try await judge(cell, body, one.base + cell.stream.url)
        }

        /// Mostly short ranges, now and then one of any length, and often the file's ends and the end of its header region.
        private static func range(in length: Int, _ random: inout SeededGenerator) -> Range<Int> {
            let places = [0, length - 1, min(1024, length - 1), Int.random(in: 0..<length, using: &random)]
            let start =
                Int.random(in: 0..<6, using: &random) < 3
                ? places[Int.random(in: 0..<3, using: &random)] : places[3]
            let limits = [1, 64, 4096, 65_536, 65_536, length]
            let limit = Int.random(in: 0..<20, using: &random) == 0 ? length : limits[Int.random(in: 0..<5, using: &random)]
            return start..<min(length, start + Int.random(in: 1...limit, using: &random))
        }

        private func judge(_ cell: Cell, _ body: ByteBuffer, _ url: String) async throws {
            let folder = try TemporaryFolder()
            let file = try folder.write(body.readableBytesView, to: "stream.\(cell.stream.ladder)")
            let sound = try await Judge.examine(file, isOpus: cell.stream.isOpus)
            #expect(sound.complaints == "", "\(cell.name)")
            let samples = cell.track.outputSamples(at: sound.rate)
            if cell.stream.ladder == "aac" {
                // FFmpeg does not apply the edit list of a file in fragments: it leaves out the frame of priming, and gives all of the last.
                #expect(sound.samples == (samples + 1023) / 1024 * 1024, "\(cell.name): samples at \(sound.rate) Hz")
                for start in [0.5, 2, cell.track.duration * 0.9] where start < cell.track.duration {
                    let rest = try await Judge.examine(file, isOpus: false, from: start)
                    let expected = sound.samples - Int((start * Double(sound.rate)).rounded())
                    #expect(abs(rest.samples - expected) <= 1, "\(cell.name): samples from \(start) s on")
                }
                let found = try await Finding.inspect(try folder.write(body.readableBytesView, to: "stream.m4a"))
                #expect(found.samples == samples, "\(cell.name): samples by its edit list")
            } else {
                #expect(sound.samples == samples, "\(cell.name): samples at \(sound.rate) Hz")
            }
            let duration = cell.track.duration
            for start in [0, duration * 0.9] {
                let complaint = try await Judge.play(url, duration: duration, from: start)
                #expect(complaint == nil, "\(cell.name) from \(start) s")
            }
        }
    }
}
