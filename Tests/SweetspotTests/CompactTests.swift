import Foundation
import NIOCore
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A compact locker", .tags(.http, .slow), .timeLimit(.minutes(20)))
    struct CompactTests {
        private static let quota = 2_000_000_000.0

        private struct Stored: Decodable {
            let id: String
            let title: String
            let compact: Bool
            let codec: String
            let bytes: Int
            let duration: Double
            let art: String?
        }

        @Test(
            "A compact locker stores transcode's output with title and cover, and 1,200 to 1,600 songs fit 2 GB",
            .enabled(if: Corpus.isThere, "no corpus: set SWEETSPOT_CORPUS"))
        func storesSmall() async throws {
            let folder = try TemporaryFolder()
            // The smallest files are too short for their share of headers to say much.
            let songs = Corpus.music.suffix(Program.isLong ? 12 : 2)
            var bytesPerSecond: [Double] = []
            try await Server.run { server in
                for path in songs {
                    let name =
                        URL(filePath: path).lastPathComponent.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                    let posted = try await server.client.post("/api/v1/tracks?compact=true&name=\(name)", try bytes(of: path))
                    let answer = try await server.settled(posted, path)
                    let plain = try await server.add(path)
                    let whole = try await server.client.get("/api/v1/tracks/\(plain.id)").json(Stored.self)
                    #expect(!whole.compact)
                    let small = try answer.json(Stored.self)
                    #expect(small.compact && small.codec == "opus" && small.title == whole.title)
                    #expect((small.art == nil) == (whole.art == nil))
                    if let art = small.art, let other = whole.art {
                        #expect(try await server.client.get(art).body == server.client.get(other).body)
                    }
                    let made = folder.path + "/made.opus"
                    let transcoded = try await sweetspot("transcode", path, "--rendition", "opus-48", "--output", made)
                    #expect(transcoded.status == 0, "\(transcoded.errors)")
                    let stored = try await server.client.get("/stream/\(small.id)/original").body
                    #expect(Array(stored.readableBytesView) == (try bytes(of: made)))
                    #expect(small.bytes == stored.readableBytes && abs(small.duration - whole.duration) < 0.001)
                    if small.duration > 60 { bytesPerSecond.append(Double(small.bytes) / small.duration) }
                }
            }
            let worst = try #require(bytesPerSecond.max())
            let songsOfFourMinutes = Int(Self.quota / (worst * 240))
            print(
                "compact: \(Int(worst * 240)) bytes in 4 minutes, \(songsOfFourMinutes) songs of 4 minutes in 2 GB; 1,400 take \(Int(worst * 240 * 1400)) bytes"
            )
            #expect((1_200...1_600).contains(songsOfFourMinutes))
        }
    }

    @Suite("A push", .tags(.http, .oracle, .slow), .timeLimit(.minutes(60)))
    struct PushTests {
        @Test(
            "A push over a link that is cut again and again sends everything once, and a second one nothing",
            arguments: [[], ["--compact"]])
        func arrives(options: [String]) async throws {
            // A small rendition takes a whole transcode, unoptimised here.
            let few = options.isEmpty ? "25" : "8"
            let (songs, interval) = Program.isLong && options.isEmpty ? ("1500", "5") : (few, "0.5")
            let verdict = try await Script(name: "pushed").run(
                [Program.sweetspot, songs, interval] + options, of: "\(songs) songs \(options)", seconds: 3_000)
            #expect(verdict.problems.isEmpty, "\(verdict.problems.joined(separator: "\n"))")
            #expect((verdict.figures["cuts"] ?? 0) > 0)
        }

        @Test("A push that cannot send anything says what is wrong")
        func complains() async throws {
            let cases: [([String], Int32, String)] = [
                (["/nowhere", "--server", "http://127.0.0.1:1", "--key", "k"], 1, "/nowhere"),
                (["/tmp", "--server", "ftp://x", "--key", "k"], 64, "--server"),
                (["/tmp", "--key", "k"], 64, "--server"), (["/tmp", "--server", "http://127.0.0.1:1"], 64, "--key"),
                (["/tmp", "--server", "http://127.0.0.1:1", "--key", "k", "--jobs", "0"], 64, "--jobs")
            ]
            for (arguments, status, word) in cases {
                let output = try await run(Program.sweetspot, ["push"] + arguments)
                #expect(
                    output.status == status && output.errors.contains(word), "\(arguments): \(output.status) \(output.errors)")
                #expect(output.errorLines.count == 1 && output.errors.hasPrefix("sweetspot: "))
            }
        }
    }
}
