import Audio
import Foundation
import NIOCore
import Packaging
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Segments, none of which exists before it is asked for", .tags(.http, .oracle, .slow))
    struct SegmentTests {
        /// A short run takes music of three kinds, or makes it; a long one ten pieces of the corpus.
        private static func tracks(in folder: TemporaryFolder) async throws -> [String] {
            if Program.isLong, Corpus.isThere {
                let count = Corpus.music.count
                return (0..<10).map { Corpus.music[$0 * count / 10] }
            }
            var paths = [try await Signal(96_000, channels: 1, seconds: 13.7, kind: .flac24).write(in: folder)]
            let music = [".flac", ".m4a"].compactMap { suffix in Corpus.music.last { $0.hasSuffix(suffix) } }
            if music.count == 2 { return paths + music }
            paths.append(try await Signal(seconds: 21.3, kind: .flac16).write(in: folder))
            paths.append(try await Signal(48_000, seconds: 18.1, kind: .wav16).write(in: folder))
            return paths
        }

        @Test(
            "Every playlist, MPD and segment of every rung is right by parsers that share nothing with ours",
            .enabled(if: Script.has("m3u8", "mpegdash"), "make test-deps could not install PyPI's m3u8 and mpegdash"))
        func everySegment() async throws {
            let folder = try TemporaryFolder()
            let paths = try await Self.tracks(in: folder)
            let token = "a secret"
            _ = try await Server.run(token: token, environment: Program.takesExtraFormats) { server in
                try await inParallel(2, paths) { path in
                    let track = try await server.add(path)
                    let verdict = try await Script(name: "segments").run(
                        [server.client.base, token, track.id, path], of: track.title, seconds: 1800)
                    #expect(verdict.problems == [], "\(path)")
                    #expect(verdict.figures["rungs", default: 0] >= 2 && verdict.figures["segments", default: 0] >= 6)
                }
            }
        }

        @Test("One rung of Opus, in pages and in segments, is rendered once")
        func renderedOnce() async throws {
            let folder = try TemporaryFolder()
            let path = try await Signal(seconds: 20).write(in: folder)
            try await Server.run { server in
                let track = try await server.add(path)
                var renders = 0
                for (name, segmentsFirst) in [("opus-64", true), ("opus-96", false)] {
                    let stream = try #require(track.stream(name))
                    let chunks = try track.layout(of: stream).grid.chunkCount
                    if !segmentsFirst { _ = try await server.client.whole(stream.url) }
                    for number in 0..<((chunks + 1) / 2) {
                        let segment = try await server.client.get("/hls/\(track.id)/\(name)/\(number).m4s")
                        #expect(segment.status == 200)
                    }
                    if segmentsFirst { _ = try await server.client.whole(stream.url) }
                    renders += chunks
                    try await expectRenders(renders, server)
                    #expect(try await server.client.metric("sweetspot_chunk_render_seconds_count", #"codec="opus""#) == renders)
                }
            }
        }

        @Test("A range of a segment has the chunks rendered that it touches, and no other", arguments: ["aac-96", "opus-96"])
        func ranges(_ name: String) async throws {
            let folder = try TemporaryFolder()
            let path = try await Signal(seconds: 11).write(in: folder)
            try await Server.run { server in
                let track = try await server.add(path)
                let url = "/hls/\(track.id)/\(name)/1.m4s"
                var parts: [String: [UInt8]] = [:]
                // The last byte, those before the first chunk, and some of the first one.
                for (range, renders) in [("bytes=-1", 1), ("bytes=0-23", 1), ("bytes=20-2000", 2)] {
                    let answer = try await server.client.get(url, ["Range": range])
                    #expect(answer.status == 206)
                    parts[range] = Array(answer.body.readableBytesView)
                    try await expectRenders(renders, server)
                }
                let whole = Array(try await server.client.get(url).body.readableBytesView)
                let slices = ["bytes=-1": whole.suffix(1), "bytes=0-23": whole.prefix(24), "bytes=20-2000": whole[20...2000]]
                #expect(parts == slices.mapValues(Array.init))
            }
        }
    }
}
