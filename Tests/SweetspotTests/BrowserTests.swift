import Foundation
import TestSupport
import Testing

extension RealTime {
    /// Chromium plays HLS itself, without a script.
    @Suite(
        "Chromium", .tags(.browser, .http, .oracle, .slow),
        .enabled(
            if: areInstalled("chromium", "chromedriver")
                && Script.has("selenium"), "chromium, chromium-driver or python3-selenium is not installed"))
    struct BrowserTests {
        private struct Plan: Encodable {
            struct Play: Encodable {
                var name: String
                var url: String
                var seconds: Double
                /// Seconds of what the encoder puts before the track.
                var priming: Double
                /// Whether Chromium takes a granule position, of which the priming is a part, for the duration.
                var isOgg = false
            }

            struct Narrow: Encodable {
                var name: String
                var url: String
                var isLong = Program.isLong
            }

            private static let preSkip = 312.0 / 48_000

            var base: String
            var plays: [Play] = []
            var narrows: [Narrow] = []

            /// Every ladder over HLS, and a rung of each that is served as one file.
            mutating func play(_ track: Track, ticket: String?) {
                func url(_ path: String) -> String {
                    ticket.map { path + (path.contains("?") ? "&" : "?") + "ticket=\($0)" } ?? path
                }
                let priming = ["aac": 1024 / Double(track.sampleRate), "opus": Self.preSkip]
                for (ladder, path) in track.hls.sorted(by: { $0.key < $1.key }) {
                    plays.append(
                        Play(
                            name: "\(ladder) over HLS", url: url(path), seconds: track.duration,
                            priming: priming[ladder, default: 0]))
                }
                for name in ["mp3-128", "opus-96"] {
                    guard let stream = track.stream(name) else { continue }
                    plays.append(
                        Play(
                            name: name, url: url(stream.url), seconds: track.duration, priming: stream.isOpus ? Self.preSkip : 0,
                            isOgg: stream.isOpus))
                }
            }

            func run(of what: String) async throws -> Script.Verdict {
                let folder = try TemporaryFolder()
                let file = try folder.write(try JSONEncoder().encode(self), to: "plan.json")
                return try await Script(name: "browser").run([file], of: what, seconds: 900)
            }
        }

        @Test("Chromium plays, seeks and finishes every ladder by tickets, and follows the network without a gap")
        func everyLadder() async throws {
            let folder = try TemporaryFolder()
            let short = try await Signal(seconds: 12.3).write(in: folder)
            let long = try await Signal(seconds: Program.isLong ? 300 : 120).write(in: folder)
            try await Server.run(token: "a secret") { server in
                let song = try await server.add(short)
                var plan = Plan(base: server.client.base)
                plan.play(song, ticket: try await server.client.ticket(for: song))
                if Program.isLong, let opus = Corpus.music.first(where: { $0.hasSuffix(".opus") }) {
                    let track = try await server.add(opus)
                    plan.play(track, ticket: try await server.client.ticket(for: track))
                }
                let album = try await server.add(long)
                let ticket = try await server.client.ticket(for: album)
                for ladder in Program.isLong ? ["opus", "aac"] : ["opus"] {
                    let master = try #require(album.hls[ladder])
                    plan.narrows.append(Plan.Narrow(name: ladder, url: "\(master)?ticket=\(ticket)"))
                }
                let verdict = try await plan.run(of: "by tickets")
                #expect(verdict.problems == [])
                #expect(verdict.figures["played, sought in and finished"] == Double(plan.plays.count) && plan.plays.count >= 5)
            }
        }

        @Test("Chromium plays from an open server")
        func open() async throws {
            let folder = try TemporaryFolder()
            let path = try await Signal(48_000, seconds: 8.1, kind: .wav16).write(in: folder)
            try await Server.run { server in
                var plan = Plan(base: server.client.base)
                plan.play(try await server.add(path), ticket: nil)
                plan.plays.removeAll { !$0.name.hasPrefix("aac") }
                let verdict = try await plan.run(of: "open")
                #expect(verdict.problems == [] && verdict.figures["played, sought in and finished"] == 1)
            }
        }
    }
}
