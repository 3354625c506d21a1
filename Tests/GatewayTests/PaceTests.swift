import Gateway
import Streaming
import TestSupport
import Testing

@Suite("A Stream far ahead of real time", .tags(.codec, .http, .slow))
struct PaceTests {
    @Test("A Stream is paced a chunk at a time, and a download is not")
    func paced() async throws {
        try await RunningServer.run {
            $0.pace = Pace(lead: .seconds(8), rate: 8)
        } _: { server in
            let id = try #require(try await server.upload(Sound.wav(seconds: 24), name: "a.wav")["id"]?.text)
            func get(_ file: String) async throws -> (body: [UInt8], time: Duration) {
                let start = ContinuousClock.now
                return (try await server.get("/stream/\(id)/\(file)").body, ContinuousClock.now - start)
            }
            // The chunks are there before anything is timed.
            let whole = try await get("mp3-96?download=1").body
            let listening = try await get("mp3-96")
            #expect(listening.body == whole)
            // Chunks of 3.6 s: of seven, those from the third to the sixth are followed by 0.45 s each, however idle the machine is.
            let pauses = Duration.seconds(1.7)
            #expect(listening.time > pauses)
            for file in ["mp3-96?download=1", "original"] {
                // A busy machine is slow at times; an answer with pauses is never quick.
                var quickest = Duration.seconds(60)
                for _ in 0..<20 where quickest > pauses { quickest = min(quickest, try await get(file).time) }
                #expect(quickest < pauses, "\(file)")
            }
        }
    }

    @Test("A resumed transfer is paced on from where it broke off")
    func resumed() async throws {
        try await RunningServer.run {
            $0.pace = Pace(lead: .seconds(8), rate: 4)
        } _: { server in
            let id = try #require(try await server.upload(Sound.wav(seconds: 24), name: "a.wav")["id"]?.text)
            let whole = try await server.get("/stream/\(id)/mp3-96?download=1").body
            let start = ContinuousClock.now
            let first = try await server.get("/stream/\(id)/mp3-96", ("Range", "bytes=0-\(whole.count / 2 - 1)")).body
            let middle = ContinuousClock.now
            let second = try await server.get("/stream/\(id)/mp3-96", ("Range", "bytes=\(whole.count / 2)-")).body
            #expect(first + second == whole)
            // 12 s in chunks of 3.6 s, each followed by 0.9 s: with a lead of its own two of them would be free.
            #expect(ContinuousClock.now - middle > .seconds(1.7), "\(middle - start)")
        }
    }

    @Test("A paced Stream ends when its client leaves")
    func departure() async throws {
        try await RunningServer.run {
            $0.pace = Pace(lead: .seconds(3), rate: 1)
        } _: { server in
            let id = try #require(try await server.upload(Sound.wav(seconds: 60), name: "a.wav")["id"]?.text)
            try await RawConnection.run(to: server) { connection in
                try await connection.send("GET /stream/\(id)/mp3-96 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                _ = try await connection.read(through: "\r\n\r\n")
            }
        }
        // A response that slept on would have kept the server from ending for the rest of its minute.
    }
}
