import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

// One at a time: each looks at what it left behind.
@Suite("Uploads", .tags(.codec, .http), .serialized, .server { $0.uploadLimit = ByteSize(200_000) }, .timeLimit(.minutes(10)))
struct UploadTests {
    let server: RunningServer

    init() throws { server = try #require(RunningServer.current) }

    /// What is left in the staging directory.
    private var incoming: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: server.data.appending(path: "incoming").path) }
    }

    private var tracks: JSON { get async throws { try await server.get("/api/v1/tracks?limit=500").json } }

    @Test("A song is stored once: 201 with its place, the same again 200")
    func storesOnce() async throws {
        let file = Sound.wav(seconds: 0.5)
        let first = try await server.send(.POST, "/api/v1/tracks?name=First.wav", body: file)
        #expect(first.status == 201)
        let id = try #require(try first.json["id"]?.text)
        #expect(first["Location"] == "/api/v1/tracks/\(id)")
        let second = try await server.send(.POST, "/api/v1/tracks?name=Second.wav", body: file)
        #expect(second.status == 200 && second["Location"] == "/api/v1/tracks/\(id)")
        #expect(try second.json == first.json)
        #expect(try await server.get("/stream/\(id)/original").body == file)
        #expect(try incoming.isEmpty)
    }

    @Test("The name is the title if the tags have none, whatever it is")
    func names() async throws {
        let titles: [(String, String?)] = [
            ("name=Some%20song.flac", "Some song"), ("name=f%C3%BCr%20%F0%9F%8E%B5.mp3", "für \u{1F3B5}"),
            ("name=..%2F..%2Fetc%2Fpasswd", "passwd"), ("name=a.b.wav", "a.b"), ("name=", "Untitled"), ("", "Untitled"),
            ("name=%ff%fe.wav", nil), ("name=%zz.wav", nil),
            ("name=" + String(repeating: "x", count: 20_000), nil), ("name=a&name=b", "a")
        ]
        for (seed, (query, title)) in titles.enumerated() {
            let file = Sound.wav(seconds: 0.1, seed: UInt64(seed + 1))
            let reply = try await server.send(.POST, "/api/v1/tracks?\(query)", body: file)
            try #require(reply.status == 201, "\(query.prefix(40)): \(reply.text)")
            let stored = try #require(try reply.json["title"]?.text)
            if let title { #expect(stored == title) } else { #expect(!stored.isEmpty) }
            // A client must be able to read the header made of it.
            let path = "/stream/\(try reply.json["id"]?.text ?? "")/original"
            let disposition = try #require(try await server.send(.HEAD, path)["Content-Disposition"])
            #expect(disposition.utf8.count < 1024 && disposition.hasSuffix(".wav"))
        }
    }

    @Test("A file that is no song is refused with a reason, and leaves nothing")
    func refusals() async throws {
        let wav = Sound.wav(seconds: 0.5)
        let cases: [(String, [UInt8], Int, String)] = [
            ("text", Array("hello, this is text".utf8), 415, "unsupported-format"), ("nothing", [], 415, "unsupported-format"),
            ("a playlist", Array("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n".utf8), 415, "unsupported-format"),
            ("a zip", Array("PK\u{3}\u{4}".utf8) + Array(repeating: 0, count: 200), 415, "unsupported-format"),
            ("FLAC without sound", Array("fLaC".utf8) + Array(repeating: 0x55, count: 4000), 422, "undecodable"),
            ("WAV without sound", Array(wav.prefix(44)), 422, "undecodable"),
            ("more than may be", Array(repeating: 0, count: 200_001), 413, "too-large")
        ]
        let before = try await tracks
        for (name, file, status, slug) in cases {
            let reply = try await server.send(.POST, "/api/v1/tracks?name=a.mp3", body: file)
            #expect(reply.status == status, "\(name): \(reply.text)")
            try expectProblem(reply, status, slug)
        }
        try await #expect(tracks == before)
        #expect(try incoming.isEmpty)
        try expectProblem(try await server.get("/api/v1/uploads/unknown"), 404, "not-found")
    }

    @Test("An upload must give its length, and one that is too long is refused before it is sent")
    func lengths() async throws {
        let head = "POST /api/v1/tracks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        let chunked = try await RawConnection.exchange(
            head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", with: server)
        #expect(chunked.hasPrefix("HTTP/1.1 411 ") && chunked.contains("application/problem+json"))
        let none = try await RawConnection.exchange(head + "\r\n", with: server)
        #expect(none.hasPrefix("HTTP/1.1 411 "))
        let large = try await RawConnection.exchange(head + "Content-Length: 200001\r\n\r\n", with: server)
        #expect(large.hasPrefix("HTTP/1.1 413 ") && large.contains("/problems/too-large"))
        for length in ["-1", "99999999999999999999", "5, 6", "0x10", "five"] {
            let answer = try await RawConnection.exchange(head + "Content-Length: \(length)\r\n\r\nhello", with: server)
            #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(length): \(answer)")
        }
    }

    @Test(
        "A client that asks is told to send its file, and one that is refused is not",
        arguments: ["100-continue", "100-Continue"])
    func expectContinue(field: String) async throws {
        let file = Sound.wav(seconds: 0.2)
        func head(_ length: Int) -> String {
            "POST /api/v1/tracks HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(length)\r\nExpect: \(field)\r\n\r\n"
        }
        try await RawConnection.run(to: server) { connection in
            try await connection.send(head(file.count))
            #expect(try await connection.read(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
            try await connection.send(file)
            #expect(try await connection.read(through: "\r\n\r\n").hasPrefix("HTTP/1.1 20"))
        }
        try await RawConnection.run(to: server) { connection in
            try await connection.send(head(200_001))
            #expect(try await connection.read(through: "\r\n").hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test("An upload that breaks off leaves nothing", arguments: [true, false])
    func brokenOff(isHalfClosed: Bool) async throws {
        let file = Sound.wav(seconds: 1)
        let before = try await tracks
        try await RawConnection.run(to: server) { connection in
            let head = "POST /api/v1/tracks HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(file.count)\r\n\r\n"
            try await connection.send(Array(head.utf8) + file.dropLast(1000))
            guard isHalfClosed else { return }
            try await connection.finishSending()
            #expect(String(decoding: await connection.readToEnd(), as: UTF8.self).hasPrefix("HTTP/1.1 400 "))
        }
        let isEmpty = try await eventually { try incoming.isEmpty }
        try #require(isEmpty)
        try await #expect(tracks == before)
    }
}

@Suite(
    "A slow upload", .tags(.codec, .http),
    .server { $0.uploadSpeed = BodySpeed(grace: .seconds(1), window: .seconds(1), bytesPerSecond: 2_000) },
    .timeLimit(.minutes(10)))
struct SlowUploadTests {
    /// Sends `bytes` in pieces, one every 100 ms; what the server answers.
    private func upload(_ bytes: [UInt8], pieces: Int) async throws -> String {
        let server = try #require(RunningServer.current)
        return try await RawConnection.run(to: server) { connection in
            try await connection.send(
                "POST /api/v1/tracks?name=a.wav HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(bytes.count)\r\n\r\n")
            let size = bytes.count / pieces
            for piece in 0..<pieces {
                let end = piece == pieces - 1 ? bytes.count : (piece + 1) * size
                // The server may close before it has taken all.
                guard (try? await connection.send(Array(bytes[piece * size..<end]))) != nil else { break }
                try await Task.sleep(for: .milliseconds(100))
            }
            return try await connection.read(through: "\r\n\r\n")
        }
    }

    @Test("A slow upload gets 408 and leaves nothing, and one that is just fast enough is taken")
    func trickle() async throws {
        let server = try #require(RunningServer.current)
        let slow = try await upload(Sound.wav(seconds: 0.3), pieces: 1000)
        #expect(slow.hasPrefix("HTTP/1.1 408 "), "\(slow)")
        #expect(slow.lowercased().contains("connection: close"))
        let fast = try await upload(Sound.wav(seconds: 0.5), pieces: 30)
        #expect(fast.hasPrefix("HTTP/1.1 201 "), "\(fast)")
        #expect(try server.files(under: "incoming").isEmpty)
        let account = server.application.account
        #expect(try await server.application.catalogue.account(id: account)?.tracks == 1)
        // Nothing is kept for the one that was given up.
        #expect(try await server.application.catalogue.openUploads().isEmpty)
    }
}
