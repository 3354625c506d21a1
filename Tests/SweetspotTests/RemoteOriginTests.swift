import Audio
import Foundation
import NIOCore
import Packaging
import TestSupport
import Testing

extension EndToEnd {
    @Suite(
        "Originals at another server's nginx", .tags(.http, .oracle),
        .enabled(if: Nginx.executable != nil, "nginx is not installed"))
    struct RemoteOriginTests {
        @Test("Originals at an nginx give the same bytes, and one chunk costs one range request")
        func sameBytes() async throws {
            let folder = try TemporaryFolder()
            let home = try TemporaryFolder()
            let edge = try TemporaryFolder()
            // FLAC is read from the Original, Vorbis from its packet file.
            let flac = try await Signal(seconds: 10).write(in: folder)
            let vorbis = folder.path + "/vorbis.ogg"
            try await make("ffmpeg", ["-nostdin", "-v", "error", "-i", flac, "-c:a", "libvorbis", vorbis])
            let bodies = try await Server.run(data: home) { server in
                var bodies: [String: ByteBuffer] = [:]
                for path in [flac, vorbis] {
                    for stream in try await server.add(path).renditions {
                        bodies[stream.url] = try await server.client.whole(stream.url)
                    }
                }
                return bodies
            }
            // The catalogue, and what SQLite keeps beside it.
            for name in try FileManager.default.contentsOfDirectory(atPath: home.path) where name.hasPrefix("catalogue.sqlite") {
                try FileManager.default.copyItem(atPath: home.path + "/" + name, toPath: edge.path + "/" + name)
            }

            var hashes: [String] = []
            var renders = 0
            let log = try await Nginx.run(serving: home.path) { base in
                try await Server.run(data: edge, ["--open", "--originals", base + "/originals"]) { server in
                    let tracks = try await server.client.tracks()
                    hashes = tracks.map(\.sha256)
                    for track in tracks {
                        let stream = try #require(track.stream("mp3-128") ?? track.renditions.last)
                        let body = try #require(bodies[stream.url])
                        #expect(try await server.client.head(stream.url).length == body.readableBytes)
                        // Twice a few bytes in the middle of one chunk: one render, from one request.
                        for _ in 0..<2 {
                            let part = try await server.client.part(150_000..<150_100, of: stream.url, length: body.readableBytes)
                            #expect(part == body.getSlice(at: 150_000, length: 100))
                        }
                        try await expectRenders(renders + 1, server)
                        for stream in track.renditions {
                            #expect(
                                try await server.client.whole(stream.url) == bodies[stream.url], "\(track.title) \(stream.name)")
                        }
                        renders += try track.renditions.reduce(0) { $0 + (try track.layout(of: $1).grid.chunkCount) }
                        try await expectRenders(renders, server)
                    }
                    #expect(server.stored == [] && tracks.count == 2)
                }
            }
            #expect(log.allSatisfy { $0.status == 206 })
            #expect(log.filter { $0.path.hasSuffix(".map") }.count == 2)
            #expect(log.count == 2 + renders)
            #expect(
                log.contains { $0.path.hasSuffix(".packets") }
                    && log.contains { line in hashes.contains { line.path.hasSuffix($0) } })
        }
    }
}
