import Testing

/// Bytes no well-behaved client sends, and the status of the one answer they must get.
///
/// HTTP would also let a server close the connection without an answer; this one always answers.
struct HostileRequest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let status: Int
    let bytes: @Sendable (_ track: String) -> [UInt8]

    init(_ name: String, _ status: Int, bytes: @escaping @Sendable (String) -> [UInt8]) {
        testDescription = name
        self.status = status
        self.bytes = bytes
    }

    /// A GET of `target`; `TRACK` stands for a track's id.
    init(_ name: String, _ status: Int, get target: String, _ fields: String = "") {
        testDescription = name
        self.status = status
        bytes = { track in
            let target = target.replacing("TRACK", with: track)
            return Array("GET \(target) HTTP/1.1\r\nHost: localhost\r\n\(fields)Connection: close\r\n\r\n".utf8)
        }
    }

    private static let long = String(repeating: "a", count: 200_000)

    static let all: [HostileRequest] = [
        .init("10 MB of query", 400, get: "/healthz?" + String(repeating: "a", count: 10_000_000)),
        .init("a header of 200 kB", 400, get: "/healthz", "X: \(long)\r\n"),
        .init("50,000 headers", 400, get: "/healthz", String(repeating: "X: a\r\n", count: 50_000)),
        .init("a header name of 200 kB", 400, get: "/healthz", "\(long): a\r\n"),
        .init("an id of 60 kB", 404, get: "/stream/\(long.prefix(60_000))/mp3-128"),
        .init("a file name of 60 kB", 404, get: "/stream/TRACK/\(long.prefix(60_000))"),
        .init("20,000 path segments", 404, get: String(repeating: "/a", count: 20_000)),
        .init("15,000 query parameters", 200, get: "/api/v1/tracks?" + String(repeating: "&a=b", count: 15_000)),
        .init("an encoded zero as id", 404, get: "/stream/%00/mp3-128"),
        .init("an encoded zero as parameter", 400, get: "/api/v1/tracks?sort=%00"),
        .init("a raw zero", 400) { _ in Array("GET /stream/\u{0}/x HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8) },
        // A target is ASCII alone (RFC 3986 §2), which the parser checks: 400 before any look-up.
        .init("bytes that are not UTF-8", 400) { _ in
            Array("GET /stream/".utf8) + [0xFF, 0xC0, 0x80]
                + Array("/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        },
        .init("UTF-8 that is not encoded", 400, get: "/stream/für/mp3-128"),
        .init("encoded dots", 404, get: "/stream/%2e%2e/%2e%2e"),
        .init("dots and slashes", 404, get: "/stream/../../../../etc/passwd"),
        .init("broken percent encoding in a path", 404, get: "/stream/%zz/%"),
        .init("broken percent encoding in a query", 307, get: "/stream/TRACK/mp3-64?v=%zz&%&=%f&&==&ticket=%"),
        .init("line ends in a query", 400, get: "/stream/TRACK/mp3-64?v=%0d%0aSet-Cookie:%20a=b&x=%0d%0aX-Evil:%201"),
        .init("a range beyond 64 bits", 416, get: "/stream/TRACK/mp3-64", "Range: bytes=18446744073709551615-\r\n"),
        .init("a range of 60 kB", 200, get: "/stream/TRACK/mp3-64", "Range: bytes=\(long.prefix(60_000))\r\n"),
        .init("10,000 ranges", 200, get: "/stream/TRACK/mp3-64", "Range: bytes=\(String(repeating: "0-,", count: 10_000))\r\n"),
        .init(
            "10,000 tags", 200, get: "/stream/TRACK/mp3-64",
            "If-None-Match: \(String(repeating: "\"a\",", count: 10_000))\r\n"),
        .init("tags that do not end", 200, get: "/stream/TRACK/mp3-64", "If-None-Match: \"\(long.prefix(60_000))\r\n"),
        .init("a ticket of 60 kB", 200, get: "/stream/TRACK/mp3-64?ticket=\(String(repeating: ".", count: 60_000))"),
        .init("the absolute form", 200, get: "http://localhost/healthz"),
        .init("the absolute form of elsewhere", 421, get: "http://evil.example/healthz"),
        .init("a URL without a path", 200, get: "http://localhost"),
        .init("a target without a slash", 400, get: "healthz"),
        // Only OPTIONS has this form (RFC 9112 §3.2.4); to a GET it is a path that no resource has.
        .init("an asterisk", 404, get: "*"),
        // A fragment is not sent (RFC 9110 §4.1); one that comes is part of a path that no resource has.
        .init("a fragment", 404, get: "/healthz#x"),
        // RFC 9112 §5.2 lets a server unfold them; NIO refuses them.
        .init("folded headers", 400, get: "/healthz", "X: a\r\n b\r\n"),
        .init("a space before the colon", 400, get: "/healthz", "Content-Length : 0\r\n"),
        .init("two lengths", 400, get: "/healthz", "Content-Length: 1\r\nContent-Length: 2\r\n"),
        .init("a length and chunks", 400, get: "/healthz", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
        // RFC 9112 §6.3.
        .init("an unknown transfer coding", 400, get: "/healthz", "Transfer-Encoding: nonsense\r\n"),
        .init("an upgrade", 200, get: "/healthz", "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"),
        // Its target is a host and a port (RFC 9112 §3.2.3), which only a proxy takes.
        .init("CONNECT", 400) { _ in
            Array("CONNECT evil.example:443 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        },
        // RFC 9110 §9.1 would have 501; the parser knows no such method.
        .init("an unknown method", 400) { _ in
            Array("BREW /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        },
        .init("HTTP/2", 400) { _ in Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) },
        .init("HTTP/9.9", 400) { _ in Array("GET /healthz HTTP/9.9\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8) },
        .init("TLS", 400) { _ in [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3] },
        .init("noise", 400) { _ in (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 197 >> 3) } },
        .init("line ends", 400) { _ in Array("\r\n\r\n\r\nhello\r\n\r\n".utf8) }
    ]
}

extension OpenServer {
    @Suite("Hostile requests")
    struct HostileRequestTests {
        let songs: SongServer

        init() throws { songs = try #require(SongServer.current) }

        @Test("A hostile request gets its one answer, which is never 500, and the server goes on", arguments: HostileRequest.all)
        func answered(request: HostileRequest) async throws {
            let answer = try await RawConnection.exchange(request.bytes(songs.song.id), with: songs.server)
            let head = answer.prefix(2000)
            #expect(head.hasPrefix("HTTP/1.1 \(request.status) "), "\(head)")
            #expect(!head.contains("\r\nX-Evil") && !head.contains("\r\nSet-Cookie"))
            #expect(try await songs.server.get("/healthz").status == 200)
        }

        @Test("Requests sent at once are answered in their order")
        func pipelining() async throws {
            let stream = "/stream/\(songs.song.id)"
            let paths = ["\(stream)/mp3-160", "/healthz", "\(stream)/opus-32", "/nothing", "/readyz"]
            let requests = paths.map { "GET \($0) HTTP/1.1\r\nHost: localhost\r\nRange: bytes=2000-2009\r\n" }
            let text = requests.joined(separator: "\r\n") + "Connection: close\r\n\r\n"
            let answer = try await RawConnection.exchange(text, with: songs.server)
            let statuses = answer.matches(of: #/HTTP/1\.1 (\d{3}) /#).map(\.output.1)
            #expect(statuses == ["206", "200", "206", "404", "200"])
        }

        @Test("A body that no route reads does not become the next request")
        func unreadBody() async throws {
            let smuggled = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
            let text =
                "POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(smuggled.utf8.count)\r\n\r\n\(smuggled)"
                + "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            let answer = try await RawConnection.exchange(text, with: songs.server)
            #expect(answer.matches(of: #/HTTP/1\.1 (\d{3}) /#).map(\.output.1) == ["405", "404"])
        }
    }
}
