import CodecProcess
import Foundation
import Gateway
import TestSupport
import Testing

@Suite("The end of a server", .tags(.codec, .http, .slow), .timeLimit(.minutes(10)))
struct ShutdownTests {
    /// What an operator who pressed Ctrl-C puts up with, and five times as much again for a busy machine.
    private static let patience = Duration.seconds(30)

    private static let firstBytes = "sweetspot_first_byte_seconds_count"

    private func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n" }

    @Test("Connections that idle, that stop inside a request and that read nothing do not delay the end")
    func idleAndStalled() async throws {
        let begun = try await RunningServer.run { server in
            let id = try #require(try await server.upload(Sound.wav(seconds: 60), name: "a.wav")["id"]?.text)
            return try await RawConnection.run(to: server) { idle in
                try await idle.send(get("/healthz"))
                _ = try await idle.read(through: "ok\n")
                return try await RawConnection.run(to: server) { silent in
                    try await silent.send("GET /heal")
                    return try await RawConnection.run(to: server) { uploading in
                        try await uploading.send(
                            "POST /api/v1/tracks HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nRIFF")
                        return try await RawConnection.run(to: server, isStalled: true) { stalled in
                            try await stalled.send(get("/stream/\(id)/original"))
                            _ = try await server.get("/metrics") { $0.series[Self.firstBytes] == 1 }
                            let begun = ContinuousClock.now
                            await server.beginShutdown()
                            // The server closes them all.
                            #expect(await idle.readToEnd().isEmpty)
                            _ = await silent.readToEnd()
                            _ = await uploading.readToEnd()
                            return begun
                        }
                    }
                }
            }
        }
        #expect(ContinuousClock.now - begun < Self.patience)
    }

    @Test("A stream under way is sent to its end if its client takes it in three seconds, and none is begun")
    func streamInFlight() async throws {
        try await RunningServer.run { server in
            let file = Sound.wav(seconds: 60)
            let id = try #require(try await server.upload(file, name: "a.wav")["id"]?.text)
            try await RawConnection.run(to: server, isStalled: true) { connection in
                try await connection.send(get("/stream/\(id)/original"))
                _ = try await server.get("/metrics") { $0.series[Self.firstBytes] == 1 }
                let sent = try await server.metrics["sweetspot_response_bytes_total"] ?? 0
                #expect(Int(sent) < file.count)
                let begun = ContinuousClock.now
                await server.beginShutdown()
                try await connection.resume()
                #expect(try await connection.read(through: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
                let body = await connection.readToEnd()
                #expect(body == Array(file.prefix(body.count)))
                #expect(body.count == file.count || ContinuousClock.now - begun > .seconds(3))
            }
            await #expect(throws: (any Error).self) { try await RawConnection.exchange(get("/healthz"), with: server) }
        }
    }

    @Test("Workers that hang, and listeners that wait for them, do not delay the end")
    func hangingWorkers() async throws {
        let begun = try await RunningServer.run { server in
            let id = try #require(try await server.upload(Sound.wav(seconds: 5), name: "a.wav")["id"]?.text)
            for worker in server.application.pool.processIdentifiers { kill(worker, SIGSTOP) }
            return try await RawConnection.run(to: server) { waiting in
                try await waiting.send(get("/stream/\(id)/mp3-64"))
                let misses = "sweetspot_chunk_requests_total{result=\"miss\"}"
                _ = try await server.get("/metrics") { $0.series[misses] ?? 0 > 0 }
                let begun = ContinuousClock.now
                await server.beginShutdown()
                _ = await waiting.readToEnd()
                return begun
            }
        }
        #expect(ContinuousClock.now - begun < Self.patience)
    }
}
