import Foundation
import Gateway
import NIOHTTP1
import TestSupport
import Testing

@Suite("Status", .tags(.codec, .http), .timeLimit(.minutes(10)))
struct StatusTests {
    @Test("The status pages answer at once, and every metric is there from the start and counts what happens")
    func metrics() async throws {
        try await RunningServer.run { server in
            let health = try await server.get("/healthz")
            #expect(health.status == 200 && health.text == "ok\n")
            let ready = try await server.get("/readyz")
            #expect(try ready.status == 200 && ready.json == .object(["done": .number(0), "total": .number(0)]))
            try expectNames(try await server.get("/metrics"))
            try await expectCounts(server)
        }
    }

    /// Names, types and labels, all at zero.
    private func expectNames(_ reply: Reply) throws {
        #expect(reply.status == 200 && reply["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        let types = reply.text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.dropFirst(7) }
        #expect(
            types == [
                "sweetspot_accept_pauses_total counter",
                "sweetspot_chunk_render_seconds histogram", "sweetspot_chunk_requests_total counter",
                "sweetspot_chunk_retries_total counter", "sweetspot_connections gauge",
                "sweetspot_connections_shed_total counter", "sweetspot_cover_requests_total counter",
                "sweetspot_damaged_originals_total counter",
                "sweetspot_decision_reasons_total counter", "sweetspot_disk_bytes gauge",
                "sweetspot_disk_damaged_total counter",
                "sweetspot_disk_hits_total counter", "sweetspot_disk_writes_total counter",
                "sweetspot_encode_cpu_seconds_total counter",
                "sweetspot_first_byte_seconds histogram", "sweetspot_hot_answers_total counter", "sweetspot_landlock gauge",
                "sweetspot_measured_originals_total counter", "sweetspot_measures_pending gauge",
                "sweetspot_response_bytes_total counter", "sweetspot_scrubbed_originals_total counter",
                "sweetspot_worker_exits_total counter"
            ])
        let series = reply.series
        let labelled =
            ["hit", "join", "miss"].map { "sweetspot_chunk_requests_total{result=\"\($0)\"}" }
            + ["mp3", "opus"].flatMap { codec in
                ["_count{codec=\"\(codec)\"}", "_sum{codec=\"\(codec)\"}", "_bucket{codec=\"\(codec)\",le=\"+Inf\"}"]
                    .map { "sweetspot_chunk_render_seconds\($0)" }
            }
        let plain = [
            "sweetspot_chunk_retries_total", "sweetspot_encode_cpu_seconds_total", "sweetspot_response_bytes_total",
            "sweetspot_first_byte_seconds_count", "sweetspot_first_byte_seconds_sum"
        ]
        for name in labelled + plain { #expect(series[name] == 0, "\(name)") }
        #expect(series.keys.contains { $0.hasPrefix("sweetspot_worker_exits_total{reason=\"") })
    }

    private func expectCounts(_ server: RunningServer) async throws {
        let id = try #require(try await server.upload(Sound.wav(seconds: 9), name: "a.wav")["id"]?.text)
        // 9 s at 24 kHz: 375 frames and the two that end it, 100 a chunk. A render is counted just after its last byte is there.
        let renders = "sweetspot_chunk_render_seconds_count{codec=\"mp3\"}"
        var sent = try await server.get("/stream/\(id)/mp3-64").body.count
        _ = try await server.get("/metrics") { $0.series[renders] == 4 }
        sent += try await server.get("/stream/\(id)/mp3-64").body.count
        sent += try await server.get("/stream/\(id)/original", ("Range", "bytes=0-99999")).body.count
        sent += try await server.get("/stream/\(id)/opus-64", ("Range", "bytes=0-1023")).body.count
        for name in ["opus-64", "original"] { #expect(try await server.send(.HEAD, "/stream/\(id)/\(name)").status == 200) }
        let series = try await server.metrics
        #expect(series[renders] == 4)
        #expect(series["sweetspot_chunk_render_seconds_count{codec=\"opus\"}"] == 0)
        #expect(series["sweetspot_chunk_requests_total{result=\"miss\"}"] == 4)
        #expect(series["sweetspot_chunk_requests_total{result=\"hit\"}"] ?? 0 >= 4)
        #expect(series["sweetspot_response_bytes_total"] == Double(sent))
        #expect(series["sweetspot_first_byte_seconds_count"] == 4)
        #expect(series["sweetspot_encode_cpu_seconds_total"] ?? 0 > 0)
        let buckets = series.filter { $0.key.hasPrefix("sweetspot_chunk_render_seconds_bucket{codec=\"mp3\"") }
        #expect(buckets.count == 15 && buckets.values.allSatisfy { $0 <= 4 })
    }

    @Test("A folder of music is imported, and /readyz says when that is done")
    func imports() async throws {
        let folder = try musicFolder(files: 3)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await RunningServer.run {
            $0.music = folder.path
        } _: { server in
            let ready = try await server.get("/readyz") { $0.status == 200 }
            #expect(try ready.json == .object(["done": .number(3), "total": .number(3)]))
            let titles = try await server.get("/api/v1/tracks?sort=title").json["items"]?.list?.map { $0["title"]?.text }
            #expect(titles == ["song 0", "song 1", "song 2"])
        }
    }

    @Test("During the import /readyz is 503 with its progress, and the server can end")
    func importGoesOn() async throws {
        let folder = try musicFolder(files: 2)
        defer { try? FileManager.default.removeItem(at: folder) }
        let codec = folder.appending(path: "codec")
        try Data("#!/bin/sh\nexec sleep 600\n".utf8).write(to: codec)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: codec.path)
        let end = try await RunningServer.run {
            $0.music = folder.path
            $0.codecExecutable = codec.path
        } _: { server in
            let busy = try await server.get("/readyz") { try $0.json["total"] == .number(2) }
            #expect(try busy.status == 503 && busy.json == .object(["done": .number(0), "total": .number(2)]))
            #expect(try await server.get("/healthz").status == 200)
            return ContinuousClock.now
        }
        // The ingest process would take ten minutes.
        #expect(ContinuousClock.now - end < .seconds(60))
    }

    private func musicFolder(files: Int) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "music-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for index in 0..<files {
            try Data(Sound.wav(seconds: 0.2, seed: UInt64(index + 1))).write(to: folder.appending(path: "song \(index).wav"))
        }
        return folder
    }
}
