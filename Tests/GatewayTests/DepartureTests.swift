import CodecProcess
import Foundation
import Gateway
import TestSupport
import Testing

// One at a time: they count what one server does.
@Suite(
    "Clients that leave, and clients that do not read", .tags(.codec, .http, .slow), .serialized, .server(),
    .timeLimit(.minutes(10)))
struct DepartureTests {
    let server: RunningServer

    init() throws { server = try #require(RunningServer.current) }

    private static let misses = "sweetspot_chunk_requests_total{result=\"miss\"}"
    private static let joins = "sweetspot_chunk_requests_total{result=\"join\"}"
    private static let renders = "sweetspot_chunk_render_seconds_count{codec=\"mp3\"}"
    private static let firstBytes = "sweetspot_first_byte_seconds_count"

    /// Ten bytes of one chunk of mp3-64: 100 frames of 192 bytes, after 1,024 bytes of tag and an Info frame.
    private func range(inChunk chunk: Int) -> String { "bytes=\(2000 + chunk * 19_200)-\(2009 + chunk * 19_200)" }

    /// Asks for chunks, each on a connection of its own, and leaves after `body`.
    private func ask(_ track: String, chunks: Range<Int>, while body: @escaping @Sendable () async throws -> Void) async throws {
        guard let chunk = chunks.first else { return try await body() }
        try await RawConnection.run(to: server) { connection in
            let fields = "Host: localhost\r\nRange: \(range(inChunk: chunk))\r\n\r\n"
            try await connection.send("GET /stream/\(track)/mp3-64 HTTP/1.1\r\n\(fields)")
            try await ask(track, chunks: chunks.dropFirst(), while: body)
        }
    }

    /// Runs `body` while the workers stand still: all that is asked for waits.
    private func whileWorkersStandStill(_ body: () async throws -> Void) async throws {
        let workers = server.application.pool.processIdentifiers
        for worker in workers { kill(worker, SIGSTOP) }
        defer { for worker in workers { kill(worker, SIGCONT) } }
        try await body()
    }

    @Test("A chunk that no client waits for any more is not rendered")
    func queuedChunks() async throws {
        let id = try #require(try await server.upload(Sound.wav(seconds: 96), name: "a.wav")["id"]?.text)
        let before = try await server.metrics
        let asked = (before[Self.misses] ?? 0) + 30
        try await whileWorkersStandStill {
            try await ask(id, chunks: 0..<30) {
                _ = try await server.get("/metrics") { $0.series[Self.misses] == asked }
            }
            // Connections after the closes: when they have been served, the closes have been seen.
            let healthz = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            for _ in 0..<50 { _ = try await RawConnection.exchange(healthz, with: server) }
        }
        // It would have been behind all of them.
        let last = try await server.get("/stream/\(id)/mp3-64", ("Range", range(inChunk: 35)))
        #expect(last.status == 206)
        let renders = (try await server.metrics[Self.renders] ?? 0) - (before[Self.renders] ?? 0)
        // The two that had been given to the pool, the last, and a few for a busy machine.
        #expect(renders <= 8, "\(renders) were rendered, most of them for nobody")
    }

    @Test("A listener who leaves takes nothing from another who waits for the same chunk")
    func sharedChunk() async throws {
        let id = try #require(try await server.upload(Sound.wav(seconds: 5), name: "a.wav")["id"]?.text)
        let before = try await server.metrics
        @Sendable func hasOneMore(_ name: String) -> (Reply) -> Bool { { $0.series[name] == (before[name] ?? 0) + 1 } }
        let (starts, start) = AsyncStream<Void>.makeStream()
        async let reply = {
            _ = await starts.first { true }
            return try await server.get("/stream/\(id)/mp3-64", ("Range", range(inChunk: 1)))
        }()
        try await whileWorkersStandStill {
            try await ask(id, chunks: 1..<2) {
                _ = try await server.get("/metrics", until: hasOneMore(Self.misses))
                start.yield()
                _ = try await server.get("/metrics", until: hasOneMore(Self.joins))
            }
        }
        let answer = try await reply
        #expect(answer.status == 206 && answer.body.count == 10)
        _ = try await server.get("/metrics", until: hasOneMore(Self.renders))
        #expect(try await server.metrics[Self.misses] == (before[Self.misses] ?? 0) + 1)
    }

    @Test(
        "Little is read and rendered for a client that does not read", arguments: [("original", 90.0), ("mp3-320", 300)]
    )
    func stalledClient(name: String, seconds: Double) async throws {
        let file = Sound.wav(seconds: seconds)
        let song = SongServer.Song(file: file, document: try await server.upload(file, name: "a.wav"))
        let before = try await server.metrics
        func increase(of name: String, to after: [String: Double]) -> Double { (after[name] ?? 0) - (before[name] ?? 0) }
        try await RawConnection.run(to: server, isStalled: true) { connection in
            let path = "/stream/\(song.id)/\(name)?download=1"
            try await connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            _ = try await server.get("/metrics") { increase(of: Self.firstBytes, to: $0.series) == 1 }
            // Another is served meanwhile: time enough for a server that does not stop.
            let other = try await server.get("/stream/\(song.id)/opus-24", ("Range", "bytes=0-99999"))
            #expect(other.body.count == 100_000)
            let sent = increase(of: "sweetspot_response_bytes_total", to: try await server.metrics) - Double(other.body.count)
            #expect(sent < Double(song.length(name)) / 2, "\(sent) of \(song.length(name)) bytes were sent to nobody")
            try await connection.resume()
            #expect(try await connection.read(through: "\r\n\r\n").contains("Content-Length: \(song.length(name))\r\n"))
            #expect(await connection.readToEnd().count == song.length(name))
        }
    }
}
