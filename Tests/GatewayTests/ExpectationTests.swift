import Gateway
import NIOHTTP1
import TestSupport
import Testing

/// RFC 9110 §10.1.1, and answers to HEAD.
@Suite("The Expect field", .tags(.codec, .http), .serialized, .server(access: .token("s3cret")), .timeLimit(.minutes(10)))
struct ExpectationTests {
    struct Asked: Sendable, CustomTestStringConvertible {
        var line: String
        var fields = ""
        var body = "{}"
        var status: Int

        var testDescription: String { "\(line) \(status)" }

        /// Every kind of route that reads a body.
        static let read = [
            Asked(line: "POST /api/v1/tracks/TRACK/ticket", status: 200),
            Asked(line: "PATCH /api/v1/tracks/TRACK", body: #"{"title":"b"}"#, status: 200),
            Asked(line: "PUT /api/v1/tracks/TRACK/rating", body: #"{"rating":3}"#, status: 204),
            Asked(line: "PUT /api/v1/queue", body: #"{"tracks":[]}"#, status: 204),
            Asked(line: "POST /api/v1/playlists", body: #"{"name":"a","tracks":[]}"#, status: 201),
            Asked(line: "POST /api/v1/history", body: #"{"track":"TRACK"}"#, status: 204),
            Asked(line: "POST /api/v1/known", body: #"{"sha256":[]}"#, status: 200),
            Asked(line: "POST /api/v1/known", body: "nonsense", status: 400),
            Asked(line: "POST /api/v1/tracks?name=a.wav", body: "RIFF", status: 415),
            Asked(
                line: "POST /api/v1/uploads",
                fields: "Tus-Resumable: 1.0.0\r\nUpload-Length: 9\r\nContent-Type: application/offset+octet-stream\r\n",
                body: "RIFF", status: 201)
        ]

        /// Those whose answer needs no body.
        static let refused = [
            Asked(line: "PUT /api/v1/queue", fields: "Authorization: Bearer wrong\r\n", status: 401),
            Asked(line: "POST /api/v1/tracks?name=a.wav", fields: "Authorization: Bearer wrong\r\n", status: 401),
            Asked(line: "POST /api/v1/known", fields: "Content-Length: 200000\r\n", status: 400),
            Asked(line: "POST /api/v1/tracks?name=a.wav", fields: "Content-Length: 99000000000\r\n", status: 413),
            Asked(line: "POST /api/v1/tracks/nobody/ticket", status: 404),
            Asked(line: "POST /nothing", status: 404),
            Asked(line: "POST /healthz", status: 405),
            Asked(line: "PUT /api/v1/tracks/nobody/rating", fields: "Expect: a miracle\r\n", status: 417)
        ]
    }

    let server: RunningServer
    let track: String

    init() async throws {
        server = try #require(RunningServer.current)
        let reply = try await server.send(
            .POST, "/api/v1/tracks?name=a.wav", [("Authorization", "Bearer s3cret")], body: Sound.wav(seconds: 0.5))
        track = try #require(try reply.json["id"]?.text)
    }

    private func head(_ asked: Asked) -> String {
        var text = "\(asked.line.replacing("TRACK", with: track)) HTTP/1.1\r\nHost: localhost\r\n"
        if !asked.fields.contains("Authorization") { text += "Authorization: Bearer s3cret\r\n" }
        let body = asked.body.replacing("TRACK", with: track)
        if !asked.fields.contains("Content-Length") { text += "Content-Length: \(body.utf8.count)\r\n" }
        return text + asked.fields + (asked.fields.contains("Expect") ? "" : "Expect: 100-Continue\r\n") + "\r\n"
    }

    @Test("Every route that reads a body tells a client to send it (JSON's did not)", arguments: Asked.read)
    func told(asked: Asked) async throws {
        try await RawConnection.run(to: server) { connection in
            for _ in 0..<2 {
                try await connection.send(head(asked))
                #expect(try await connection.read(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                try await connection.send(asked.body.replacing("TRACK", with: track))
                let answer = try await connection.read(through: "\r\n\r\n")
                #expect(answer.hasPrefix("HTTP/1.1 \(asked.status) "), "\(answer)")
                #expect(!answer.contains("Connection: close"))
                let length = answer.firstMatch(of: #/Content-Length: (\d+)/#).flatMap { Int($0.output.1) } ?? 0
                try await connection.skip(length)
            }
        }
    }

    @Test("An answer that needs no body comes at once, and ends the connection", arguments: Asked.refused)
    func atOnce(asked: Asked) async throws {
        try await RawConnection.run(to: server) { connection in
            // What follows is no request: whether the client sends its body now is not known.
            try await connection.send(head(asked) + "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            let text = String(decoding: await connection.readToEnd(), as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 \(asked.status) "), "\(text)")
            #expect(text.contains("\r\nConnection: close\r\n") && !text.contains("100 Continue"))
            #expect(text.matches(of: #/HTTP/1\.1 /#).count == 1)
        }
    }

    @Test("Any other expectation gets 417, in every spelling", arguments: ["200-ok", "100-continue, more", ", 100-continuex"])
    func unknown(expectation: String) async throws {
        let text = try await RawConnection.exchange(
            "GET /healthz HTTP/1.1\r\nHost: localhost\r\nExpect: \(expectation)\r\nConnection: close\r\n\r\n", with: server)
        #expect(text.hasPrefix("HTTP/1.1 417 ") && text.contains("application/problem+json"), "\(text)")
        let old = try await RawConnection.exchange("GET /healthz HTTP/1.0\r\nExpect: \(expectation)\r\n\r\n", with: server)
        #expect(old.hasPrefix("HTTP/1.1 200 "))
    }

    @Test("An expectation of a request without a body means nothing")
    func bodiless() async throws {
        try await RawConnection.run(to: server) { connection in
            for expectation in ["100-continue", "", ","] {
                try await connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nExpect: \(expectation)\r\n\r\n")
                let head = try await connection.read(through: "ok\n")
                #expect(head.hasPrefix("HTTP/1.1 200 ") && !head.contains("Connection: close"))
            }
        }
    }

    @Test("HEAD of the export states no length, as GET does (it said 0)")
    func export() async throws {
        func fields(_ method: String, _ version: String) async throws -> (fields: Set<String>, body: String) {
            let text = try await RawConnection.exchange(
                "\(method) /api/v1/me/export HTTP/\(version)\r\nHost: localhost\r\nAuthorization: Bearer s3cret\r\n"
                    + "Connection: close\r\n\r\n", with: server)
            let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            let lines = parts[0].split(separator: "\r\n").dropFirst().filter { !$0.hasPrefix("Date") }
            return (Set(lines.map { $0.lowercased() }), parts.count > 1 ? String(parts[1]) : "")
        }
        for version in ["1.0", "1.1"] {
            let (get, head) = (try await fields("GET", version), try await fields("HEAD", version))
            #expect(head.body.isEmpty && !head.fields.contains { $0.hasPrefix("content-length") })
            #expect(head.fields == get.fields)
        }
        // Nothing comes behind its head, so that the next answer is found.
        let text = try await RawConnection.exchange(
            "HEAD /api/v1/me/export HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer s3cret\r\n\r\n"
                + "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", with: server)
        #expect(text.contains("\r\n\r\nHTTP/1.1 200 OK\r\n") && text.hasSuffix("\r\n\r\nok\n"), "\(text)")
    }
}
