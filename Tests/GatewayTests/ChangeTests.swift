import Foundation
import Gateway
import Locker
import Streaming
import TestSupport
import Testing

@Suite("A track that another process removes", .tags(.codec, .http), .timeLimit(.minutes(3)))
struct ChangeTests {
    /// What a listener of it may still get, in time.
    private static let patience = Duration.seconds(2)
    /// On a busy machine one attempt may be late.
    private static let attempts = 8

    /// Removes a track as `sweetspot account remove` does: by a catalogue of its own.
    private func remove(_ track: String, of server: RunningServer) async throws {
        let catalogue = try openCatalogue(data: server.data.path)
        defer { try? catalogue.close() }
        let removed = try await catalogue.remove(id: track, account: catalogue.localAccount())
        try #require(removed != nil)
    }

    @Test("A removal by another process ends the track's stream, though that waits between two pieces")
    func stream() async throws {
        try await RunningServer.run {
            $0.pace = Pace(lead: .seconds(3), rate: 1)
        } _: { server in
            var times: [Duration] = []
            while times.min() ?? .seconds(60) > Self.patience, times.count < Self.attempts {
                let sound = Sound.wav(seconds: 60 + Double(times.count))
                let id = try #require(try await server.upload(sound, name: "a.wav")["id"]?.text)
                let time = try await RawConnection.run(to: server) { connection in
                    try await connection.send("GET /stream/\(id)/mp3-96 HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    _ = try await connection.read(through: "\r\n\r\n")
                    try await remove(id, of: server)
                    let start = ContinuousClock.now
                    let rest = await connection.readToEnd()
                    #expect(rest.count < 60 * 12_000)
                    return ContinuousClock.now - start
                }
                times.append(time)
            }
            #expect(times.min() ?? .seconds(60) < Self.patience, "\(times)")
        }
    }

    @Test("A track that another process removed is in no answer from memory")
    func hot() async throws {
        try await RunningServer.run { server in
            var times: [Duration] = []
            while times.min() ?? .seconds(60) > Self.patience, times.count < Self.attempts {
                let sound = Sound.wav(seconds: 8 + Double(times.count))
                let id = try #require(try await server.upload(sound, name: "a.wav")["id"]?.text)
                func get() async throws -> Int {
                    try await server.get("/stream/\(id)/mp3-128", ("Range", "bytes=3000-3009")).status
                }
                for _ in 0..<3 { try #require(try await get() == 206) }
                try await remove(id, of: server)
                let start = ContinuousClock.now
                while try await get() == 206 { try #require(ContinuousClock.now - start < .seconds(60)) }
                #expect(try await get() == 404)
                times.append(ContinuousClock.now - start)
            }
            #expect(times.min() ?? .seconds(60) < Self.patience, "\(times)")
        }
    }
}
