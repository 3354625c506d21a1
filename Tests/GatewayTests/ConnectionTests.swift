import Gateway
import NIOHTTP1
import TestSupport
import Testing

/// Every way to answer, over every kind of connection (RFC 9112 §9.3, §3.2).
// One at a time: a machine of two cores has enough to do with them.
@Suite("A connection", .tags(.codec, .http, .slow), .serialized, .server(access: .token("s3cret")), .timeLimit(.minutes(10)))
struct ConnectionTests {
    /// What a request says of its connection, and what has to become of it.
    struct Ending: Sendable, CustomTestStringConvertible {
        var version: String
        var fields: [String] = []
        var closes: Bool
        /// The answer's `Connection` field.
        var says: String?

        var testDescription: String { "HTTP/\(version) \(fields.joined(separator: " + "))" }

        static let all = [
            Ending(version: "1.0", closes: true, says: "close"),
            Ending(version: "1.0", fields: ["keep-alive"], closes: false, says: "keep-alive"),
            Ending(version: "1.0", fields: ["TE, Keep-Alive"], closes: false, says: "keep-alive"),
            Ending(version: "1.0", fields: ["close"], closes: true, says: "close"),
            Ending(version: "1.0", fields: ["keep-alive", "close"], closes: true, says: "close"),
            Ending(version: "1.1", closes: false),
            Ending(version: "1.1", fields: ["keep-alive"], closes: false),
            Ending(version: "1.1", fields: ["close"], closes: true, says: "close"),
            Ending(version: "1.1", fields: ["Close"], closes: true, says: "close"),
            Ending(version: "1.1", fields: ["TE", "keep-alive, CLOSE"], closes: true, says: "close")
        ]
    }

    struct Asked: Sendable, CustomTestStringConvertible {
        var method = "GET"
        var path: String
        var fields = ""
        var status: Int
        var isLetIn = true

        var testDescription: String { "\(method) \(path) \(status)" }

        static let all = [
            Asked(path: "/healthz", status: 200),
            Asked(path: "/stream/TRACK/mp3-128", fields: "Range: bytes=2000-2999\r\n", status: 206),
            Asked(path: "/stream/TRACK/mp3-128", fields: "Range: bytes=99999999-\r\n", status: 416),
            Asked(path: "/stream/TRACK/mp3-128", fields: "If-None-Match: *\r\n", status: 304),
            Asked(method: "HEAD", path: "/stream/TRACK/mp3-128", status: 200),
            Asked(path: "/stream/TRACK/auto", status: 307),
            Asked(path: "/stream/TRACK/original", fields: "Range: bytes=0-9\r\n", status: 206),
            Asked(path: "/stream/TRACK/mp3-128", status: 401, isLetIn: false),
            Asked(method: "HEAD", path: "/stream/TRACK/mp3-128", status: 401, isLetIn: false),
            Asked(path: "/stream/nobody/mp3-128", status: 404),
            Asked(path: "/hls/TRACK/aac.m3u8", status: 200),
            Asked(method: "OPTIONS", path: "/stream/TRACK/mp3-128", status: 204),
            Asked(path: "/nothing", status: 404),
            Asked(method: "DELETE", path: "/healthz", status: 405),
            Asked(path: "/api/v1/tracks", status: 200),
            Asked(method: "HEAD", path: "/api/v1/tracks", status: 200),
            Asked(method: "POST", path: "/api/v1/tracks/TRACK/ticket", fields: "Content-Length: 0\r\n", status: 200),
            Asked(method: "POST", path: "/api/v1/tracks", fields: "Content-Length: 0\r\n", status: 415),
            Asked(method: "PUT", path: "/api/v1/tracks/TRACK/favourite", fields: "Content-Length: 0\r\n", status: 204)
        ]
    }

    let server: RunningServer
    let track: String
    let entityTag: String

    init() async throws {
        server = try #require(RunningServer.current)
        let document = try await server.send(
            .POST, "/api/v1/tracks?name=a.wav", [("Authorization", "Bearer s3cret")], body: Sound.wav(seconds: 12)
        ).json
        track = try #require(document["id"]?.text)
        entityTag = try #require(document["renditions"]?.list?.first { $0["name"]?.text == "mp3-128" }?["etag"]?.text)
    }

    private func request(_ asked: Asked, _ ending: Ending, host: [String]? = nil) -> String {
        let hosts = host ?? (ending.version == "1.0" ? [] : ["localhost"])
        var text = "\(asked.method) \(asked.path.replacing("TRACK", with: track)) HTTP/\(ending.version)\r\n"
        for host in hosts { text += "Host: \(host)\r\n" }
        for field in ending.fields { text += "Connection: \(field)\r\n" }
        if asked.isLetIn { text += "Authorization: Bearer s3cret\r\n" }
        return text + asked.fields + "\r\n"
    }

    /// The answer's status and fields, read with its body.
    private func answer(
        to method: String, _ connection: inout RawConnection
    ) async throws -> (status: Int, fields: [(name: String, value: String)]) {
        let head = try await connection.read(through: "\r\n\r\n")
        var lines = head.split(separator: "\r\n").map(String.init)
        let status = Int(lines.removeFirst().split(separator: " ")[1]) ?? 0
        let fields = lines.map { line in
            let parts = line.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (name: parts[0].lowercased(), value: parts.count > 1 ? parts[1] : "")
        }
        let length = fields.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
        if method != "HEAD", length > 0 { try await connection.skip(length) }
        return (status, fields)
    }

    @Test("A connection ends where HTTP says, and says so (swift-http-server#119: ab -n 2 hung)", arguments: Ending.all)
    func ends(ending: Ending) async throws {
        let next = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        for asked in Asked.all {
            // Once the router answers, once it may be memory.
            for turn in 1...2 {
                try await RawConnection.run(to: server) { connection in
                    try await connection.send(request(asked, ending))
                    let (status, fields) = try await answer(to: asked.method, &connection)
                    #expect(status == asked.status, "\(asked.testDescription)")
                    let said = fields.filter { $0.name == "connection" }.map(\.value)
                    #expect(said == [ending.says].compactMap(\.self), "\(asked.testDescription), turn \(turn)")
                    #expect(!fields.contains { $0.name == "transfer-encoding" })
                    if !ending.closes { try await connection.send(next) }
                    let rest = String(decoding: await connection.readToEnd(), as: UTF8.self)
                    #expect(ending.closes ? rest.isEmpty : rest.hasPrefix("HTTP/1.1 200 "), "\(asked.testDescription): \(rest)")
                }
            }
        }
    }

    @Test("A connection answers in order up to the last request, and nothing after it")
    func pipeline() async throws {
        let range = "Range: bytes=2000-2009\r\n"
        let stream = Asked(path: "/stream/TRACK/mp3-128?v=\(entityTag.prefix(8))", fields: range, status: 206)
        let (plain, kept) = (Ending.all[5], Ending.all[1])
        let missing = Asked(path: "/nothing", status: 404)
        for last in [Ending.all[0], Ending.all[7]] {
            let order: [(Asked, Ending)] = [
                (stream, plain), (stream, kept), (missing, kept), (stream, plain), (missing, plain), (stream, last),
                (stream, plain), (missing, plain)
            ]
            let text = try await RawConnection.exchange(order.map { request($0.0, $0.1) }.joined(), with: server)
            let statuses = text.matches(of: #/HTTP/1\.1 (\d{3}) /#).map(\.output.1)
            #expect(statuses == ["206", "206", "404", "206", "404", "206"])
        }
    }

    @Test("A body of unknown length ends with the connection for an HTTP/1.0 client, which knows no chunks", arguments: [0, 1])
    func unknownLength(ending: Int) async throws {
        let export = Asked(path: "/api/v1/me/export", status: 200)
        try await RawConnection.run(to: server) { connection in
            try await connection.send(request(export, Ending.all[ending]) + request(export, Ending.all[ending]))
            let head = try await connection.read(through: "\r\n\r\n")
            #expect(head.contains(" 200 ") && head.contains("\r\nConnection: close\r\n"))
            #expect(!head.lowercased().contains("transfer-encoding"))
            let archive = await connection.readToEnd()
            #expect(archive.starts(with: "PK".utf8))
            // The end of its central directory is the end of the bytes.
            #expect(archive.suffix(22).starts(with: [0x50, 0x4B, 5, 6]))
        }
    }

    @Test("An HTTP/1.0 client is not told to send its body, which is read all the same")
    func expectation() async throws {
        let upload = "POST /api/v1/tracks?name=b.wav HTTP/1.0\r\nAuthorization: Bearer s3cret\r\nExpect: 100-continue\r\n"
        let text = try await RawConnection.exchange("\(upload)Content-Length: 4\r\n\r\nRIFF", with: server)
        #expect(text.hasPrefix("HTTP/1.1 415 "))
    }

    @Test(
        "A request has one valid host, in HTTP/1.0 at most one",
        arguments: [
            (["localhost"], true), (["LOCALHOST:8080"], true), (["a.example:"], true), (["127.0.0.1:80"], true),
            (["[::1]:80"], true),
            (["[fe80::1]"], true), (["xn--bcher-kva.example"], true), (["under_score"], true), (["a%20b"], true),
            (["localhost", "localhost"], false), (["a", "b"], false), (["localhost", ""], false), ([""], false), (["a b"], false),
            (["a/b"], false), (["user@a"], false), (["a:b"], false), (["a:80:80"], false), (["a:99999"], false),
            (["[::1"], false),
            (["[nothing]"], false), (["[127.0.0.1]"], false), (["[::1]x"], false), (["::1"], false), (["a%zz"], false),
            ([":80"], false),
            (["bücher.example"], false), (["http://localhost"], false), (["a?b"], false), (["a#b"], false), (["a\\b"], false)
        ])
    func hosts(hosts: [String], isValid: Bool) async throws {
        let asked = [
            Asked(path: "/healthz", status: 200),
            Asked(path: "/stream/TRACK/mp3-128?v=\(entityTag.prefix(8))", fields: "Range: bytes=2000-2009\r\n", status: 206)
        ]
        for asked in asked {
            for ending in [Ending.all[0], Ending.all[5]] {
                try await RawConnection.run(to: server) { connection in
                    // One that is valid comes before, and may have left an answer in memory.
                    if !ending.closes {
                        try await connection.send(request(asked, ending))
                        #expect(try await answer(to: "GET", &connection).status == asked.status)
                    }
                    try await connection.send(request(asked, ending, host: hosts))
                    let (status, fields) = try await answer(to: "GET", &connection)
                    #expect(status == (isValid ? asked.status : 400), "\(ending.testDescription)")
                    if !isValid { #expect(fields.contains { $0 == ("content-type", "application/problem+json") }) }
                }
            }
        }
        let none = try await RawConnection.exchange("GET /healthz HTTP/1.1\r\n\r\n", with: server)
        #expect(none.hasPrefix("HTTP/1.1 400 ") && none.contains("application/problem+json"))
    }

    @Test(
        "A target in absolute form counts, not the Host field (RFC 9112 §3.2.2)",
        arguments: [
            ("http://localhost/healthz", 200), ("HTTP://a.example:8080/healthz?x=http://b", 200), ("https://a/healthz", 200),
            ("http://a/nothing", 404), ("http://a", 200), ("http://a?b", 200), ("http://[::1]:1/healthz", 200),
            ("http:///healthz", 400), ("http://user@a/healthz", 400), ("ftp://a/healthz", 400), ("http://a:b/healthz", 400)
        ])
    func absolute(target: String, status: Int) async throws {
        for (version, host, expected) in [("1.0", "", status), ("1.1", "Host: elsewhere\r\n", status), ("1.1", "", 400)] {
            let text = try await RawConnection.exchange(
                "GET \(target) HTTP/\(version)\r\n\(host)Connection: close\r\n\r\n", with: server)
            #expect(text.hasPrefix("HTTP/1.1 \(expected) "), "HTTP/\(version): \(text)")
        }
    }

    @Test("A target in absolute form gives the same Stream, from memory or not")
    func absoluteStream() async throws {
        let path = "/stream/\(track)/mp3-128?v=\(entityTag.prefix(8))"
        let fields = "Host: localhost\r\nAuthorization: Bearer s3cret\r\nRange: bytes=2000-2009\r\n\r\n"
        let targets = [path, path, "http://localhost\(path)", path]
        try await RawConnection.run(to: server) { connection in
            for target in targets {
                try await connection.send("GET \(target) HTTP/1.1\r\n\(fields)")
                let (status, fields) = try await answer(to: "GET", &connection)
                #expect(status == 206 && fields.contains { $0.name == "content-range" && $0.value.hasPrefix("bytes 2000-2009/") })
            }
        }
    }
}
