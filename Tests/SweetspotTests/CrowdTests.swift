import AsyncHTTPClient
import Audio
import Glibc
import NIOCore
import Packaging
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A crowd of listeners", .tags(.http, .slow))
    struct CrowdTests {
        @Test("1,000 cold requests of one range at once render each chunk once")
        func singleFlight() async throws {
            raiseOpenFileLimit()
            let folder = try TemporaryFolder()
            let path = try await Signal(seconds: 20).write(in: folder)
            try await Server.run { server in
                let track = try await server.add(path)
                let stream = try #require(track.stream("mp3-128"))
                let layout = try track.layout(of: stream)
                let range = 50_000..<200_000
                let chunks = layout.chunks(covering: range)
                #expect(layout.length == stream.bytes && chunks.count == 4)
                let crowd = Array(0..<1000)
                // Everybody is connected before anybody wants sound; the header region costs no render.
                try await inParallel(crowd.count, crowd) { _ in
                    _ = try await server.client.part(0..<1024, of: stream.url, length: stream.bytes)
                }
                #expect(try await server.client.renders() == 0)

                let bodies = try await inParallel(crowd.count, crowd) { _ in
                    try await server.client.part(range, of: stream.url, length: stream.bytes)
                }
                #expect(Set(bodies).count == 1)
                try await expectRenders(chunks.count, server)
                #expect(try await server.client.metric("sweetspot_chunk_requests_total", "join") > 0)
                let body = try await server.client.whole(stream.url)
                #expect(body.getSlice(at: range.lowerBound, length: range.count) == bodies.first)
                try await expectRenders(layout.grid.chunkCount, server)
            }
        }

        @Test("HEAD, header bytes, conditional and impossible requests render nothing")
        func rendersNothing() async throws {
            let folder = try TemporaryFolder()
            let path = try await Signal(seconds: 3).write(in: folder)
            try await Server.run { server in
                for stream in try await server.add(path).renditions {
                    #expect(try await server.client.head(stream.url).length == stream.bytes)
                    _ = try await server.client.part(0..<100, of: stream.url, length: stream.bytes)
                    #expect(try await server.client.get(stream.url, ["If-None-Match": "\"\(stream.etag)\""]).status == 304)
                    #expect(try await server.client.get(stream.url, ["Range": "bytes=\(stream.bytes)-"]).status == 416)
                }
                #expect(try await server.client.renders() == 0)
            }
        }

        @Test("A client that stops reading stops the rendering, and gets the rest when it reads on")
        func backPressure() async throws {
            let folder = try TemporaryFolder()
            let path = try await Signal(seconds: 360).write(in: folder)
            try await Server.run { server in
                let track = try await server.add(path)
                let (stalled, busy) = (try #require(track.stream("mp3-320")), try #require(track.stream("mp3-256")))
                let chunks = try track.layout(of: stalled).grid.chunkCount
                let response = try await server.client.open(stalled.url.asDownload)
                var body = ByteBuffer()
                var parts = response.body.makeAsyncIterator()
                if var first = try await parts.next() { body.writeBuffer(&first) }

                // By the time another listener has had a whole track of as many chunks, this one has had its turn over and over.
                _ = try await server.client.whole(busy.url)
                let rendered = try await server.client.renders() - (try track.layout(of: busy).grid.chunkCount)
                print("rendered for a client that does not read: \(rendered) of \(chunks) chunks")
                #expect(rendered > 0 && rendered * 2 < chunks)

                while var part = try await parts.next() { body.writeBuffer(&part) }
                #expect(body.readableBytes == stalled.bytes)
                #expect(try await server.client.whole(stalled.url) == body)
            }
        }

        /// A thousand connections need more files than many systems allow at first.
        private func raiseOpenFileLimit() {
            var limit = rlimit()
            guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
            limit.rlim_cur = limit.rlim_max
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        }
    }
}
