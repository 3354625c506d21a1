import Foundation
import Gateway
import TestSupport
import Testing

@Suite("The disk tier of a server", .tags(.codec, .http))
struct DiskTests {
    private static let hits = "sweetspot_chunk_requests_total{result=\"hit\"}"
    private static let renders = "sweetspot_chunk_render_seconds_count{codec=\"mp3\"}"

    @Test("After a restart rendered chunks are read and not rendered; without a disk they are rendered again")
    func restart() async throws {
        let data = FileManager.default.temporaryDirectory.appending(path: "sweetspot-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: data) }
        var path = ""
        var body: [UInt8] = []
        try await RunningServer.run {
            $0.data = data.path
        } _: { server in
            let id = try #require(try await server.upload(Sound.wav(seconds: 15), name: "a.wav")["id"]?.text)
            path = "/stream/\(id)/mp3-96"
            body = try await server.get(path).body
            let renders = try await rendered(on: server)
            #expect(renders == 5)
        }
        let files = try FileManager.default.subpathsOfDirectory(atPath: data.path + "/cache").filter { $0.utf8.count == 33 }
        #expect(files.count == 5)

        try await RunningServer.run {
            $0.data = data.path
        } _: { server in
            _ = try await server.get("/metrics") { ($0.series["sweetspot_disk_bytes"] ?? 0) > 0 }
            #expect(try await server.get(path).body == body)
            let metrics = try await server.metrics
            #expect(metrics[Self.renders] == 0 && metrics["sweetspot_disk_hits_total"] == 5)
            #expect((metrics[Self.hits] ?? 0) >= 5)
        }
        try await RunningServer.run {
            ($0.data, $0.cacheDisk) = (data.path, ByteSize(0))
        } _: { server in
            #expect(try await server.get(path).body == body)
            let renders = try await rendered(on: server)
            #expect(renders == 5)
        }
    }

    /// Renders, once there are five at least: one is counted after its last byte is out.
    private func rendered(on server: RunningServer) async throws -> Double? {
        try await server.get("/metrics") { ($0.series[Self.renders] ?? 0) >= 5 }.series[Self.renders]
    }

    @Test("An unusable cache directory costs nothing but the cache")
    func noDirectory() async throws {
        let data = FileManager.default.temporaryDirectory.appending(path: "sweetspot-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: data) }
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        try Data().write(to: data.appending(path: "cache"))
        try await RunningServer.run {
            $0.data = data.path
        } _: { server in
            let id = try #require(try await server.upload(Sound.wav(seconds: 5), name: "a.wav")["id"]?.text)
            #expect(try await server.get("/stream/\(id)/opus-64").status == 200)
        }
    }
}
