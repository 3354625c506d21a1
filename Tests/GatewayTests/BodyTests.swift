import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite("The pace of a request's body")
struct BodyPaceTests {
    private static let speed = BodySpeed(grace: .seconds(10), window: .seconds(5), bytesPerSecond: 100)
    private let start = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    @Test("A body's pace is checked after the grace, and then over each window")
    func windows() {
        var pace = BodyPace(Self.speed)
        pace.wait(at(0))
        #expect(pace.verdict(at(0)) == .again(after: .seconds(10)))
        // Whatever came in the grace, and nothing if nothing did.
        #expect(pace.verdict(at(10)) == .again(after: .seconds(5)))
        pace.receive(500, at(14))
        pace.wait(at(14))
        #expect(pace.verdict(at(15)) == .again(after: .seconds(5)))
        pace.receive(499, at(19))
        pace.wait(at(19))
        #expect(pace.verdict(at(20)) == .tooSlow)
    }

    @Test("Time in which the server did not read does not count for a body's pace")
    func paused() {
        var pace = BodyPace(Self.speed)
        pace.wait(at(0))
        pace.receive(1, at(1))
        // Busy with what came.
        #expect(pace.verdict(at(1000)) == .again(after: .seconds(5)))
        pace.wait(at(1000))
        #expect(pace.verdict(at(1008)) == .again(after: .seconds(1)))
        #expect(pace.verdict(at(1009)) == .again(after: .seconds(5)))
        #expect(pace.verdict(at(1014)) == .tooSlow)
    }

    @Test("A body has a file's pace once its route says so")
    func files() {
        var pace = BodyPace(Self.speed)
        pace.wait(at(0))
        pace.allow(BodySpeed(grace: .seconds(30), window: .seconds(30), bytesPerSecond: 1))
        #expect(pace.verdict(at(29)) == .again(after: .seconds(1)))
        #expect(pace.verdict(at(30)) == .again(after: .seconds(30)))
        pace.receive(30, at(31))
        pace.wait(at(31))
        #expect(pace.verdict(at(60)) == .again(after: .seconds(30)))
        #expect(pace.verdict(at(90)) == .tooSlow)
    }

    @Test("A client without credentials cannot hold a connection for long")
    func bounds() {
        #expect(BodySpeed.documents.grace + BodySpeed.documents.window <= .seconds(20))
        #expect(BodySpeed.files.grace + BodySpeed.files.window <= .seconds(60))
    }
}

@Suite(
    "A body that does not come", .tags(.codec, .http, .slow), .serialized,
    .server(access: .accounts) { $0.bodySpeed = BodySpeed(grace: .milliseconds(300), window: .milliseconds(300)) },
    .timeLimit(.minutes(10)))
struct BodyTests {
    struct Asked: Sendable, CustomTestStringConvertible {
        var line: String
        var fields = "Content-Length: 500\r\n"
        var start = "{\"name\":"
        var isLetIn = false
        var status: Int

        var testDescription: String { "\(line) \(status)" }

        static let form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n"
        static let tus = "Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: 500\r\n"

        static let all = [
            // Without credentials: read, refused, not known, not taken.
            Asked(line: "POST /api/v1/session", status: 408),
            Asked(line: "POST /api/v1/session", fields: "Transfer-Encoding: chunked\r\n", start: "8\r\n{\"name\":", status: 408),
            Asked(line: "POST /setup", fields: form, start: "code=", status: 408),
            Asked(line: "POST /api/v1/tracks?name=a.wav", status: 401),
            Asked(line: "PUT /api/v1/queue", status: 401),
            Asked(line: "PATCH /api/v1/uploads/x", fields: tus, status: 401),
            Asked(line: "POST /nothing", status: 404),
            Asked(line: "DELETE /healthz", status: 405),
            Asked(line: "GET /healthz", status: 200),
            // With a key, whatever reads it.
            Asked(line: "PUT /api/v1/queue", isLetIn: true, status: 408),
            Asked(line: "POST /api/v1/playlists", isLetIn: true, status: 408),
            Asked(line: "POST /api/v1/history", isLetIn: true, status: 408),
            Asked(line: "POST /api/v1/known", isLetIn: true, status: 408),
            Asked(line: "POST /api/v1/keys", isLetIn: true, status: 408),
            Asked(line: "DELETE /api/v1/me", isLetIn: true, status: 408)
        ]
    }

    let server: RunningServer
    let key: String

    init() async throws {
        server = try #require(RunningServer.current)
        let catalogue = server.application.catalogue
        let id = try await catalogue.addAccount(named: uniqueName("a"), password: .ofNobody, plan: "free")
        key = try await catalogue.addKey(account: id, label: "test", scopes: .all).secret.text
    }

    @Test(
        "A body that does not come ends its connection in time, with 408 if a route reads it (it was open after 280 s)",
        arguments: Asked.all)
    func ends(asked: Asked) async throws {
        try await RawConnection.run(to: server) { connection in
            let credentials = asked.isLetIn ? "Authorization: Bearer \(key)\r\n" : ""
            try await connection.send(
                "\(asked.line) HTTP/1.1\r\nHost: localhost\r\n\(credentials)\(asked.fields)\r\n\(asked.start)")
            let start = ContinuousClock.now
            let head = try await connection.read(through: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 \(asked.status) "), "\(head)")
            if asked.status == 408 {
                #expect(head.contains("\r\nContent-Type: application/problem+json\r\n"))
                #expect(head.contains("\r\nConnection: close\r\n"))
            }
            _ = await connection.readToEnd()
            // 0.6 s, or 3 s where the client does not take its leave; a busy machine has room.
            #expect(ContinuousClock.now - start < .seconds(60))
        }
    }

    @Test("A body that drips, a byte each 50 ms, gets 408")
    func drips() async throws {
        let text = try await RawConnection.run(to: server) { connection in
            try await connection.send("POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000\r\n\r\n")
            for _ in 0..<400 {
                guard (try? await connection.send("{")) != nil else { break }
                try await Task.sleep(for: .milliseconds(50))
            }
            return String(decoding: await connection.readToEnd(), as: UTF8.self)
        }
        #expect(text.hasPrefix("HTTP/1.1 408 ") && text.contains("\"status\":408"), "\(text)")
    }

    @Test("A body that comes to its end, read or not, leaves the connection to the next request")
    func goesOn() async throws {
        try await RawConnection.run(to: server) { connection in
            for line in ["POST /nothing", "POST /api/v1/session", "POST /api/v1/tracks"] {
                try await connection.send("\(line) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")
                let head = try await connection.read(through: "\r\n\r\n")
                #expect(head.hasPrefix("HTTP/1.1 4") && !head.contains(" 408 "))
                let length = head.firstMatch(of: #/Content-Length: (\d+)/#).flatMap { Int($0.output.1) } ?? 0
                try await connection.skip(length)
            }
            try await connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            #expect(String(decoding: await connection.readToEnd(), as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
        }
    }
}
