import Foundation
import Gateway
import NIOHTTP1
import TestSupport
import Testing

// One at a time: they count what one server does.
@Suite(
    "Answers from memory, past the router", .tags(.codec, .http),
    .serialized, .server(access: .token("s3cret"), { $0.cacheDisk = ByteSize(0) }),
    .timeLimit(.minutes(10)))
struct HotMediaTests {
    private static let answers = "sweetspot_hot_answers_total"
    private static let bearer = ("Authorization", "Bearer s3cret")

    let server: RunningServer
    let track: String
    /// Of `mp3-128`.
    let length: Int
    let entityTag: String

    init() async throws {
        server = try #require(RunningServer.current)
        // The first test's upload is every test's.
        let document = try await server.send(
            .POST, "/api/v1/tracks?name=a.wav", [Self.bearer], body: Sound.wav(seconds: 20)
        ).json
        let rendition = document["renditions"]?.list?.first { $0["name"]?.text == "mp3-128" }
        track = try #require(document["id"]?.text)
        length = try #require(rendition?["bytes"]?.integer)
        entityTag = try #require(rendition?["etag"]?.text)
        // All of it is in memory afterwards.
        let whole = try await server.get("/stream/\(track)/mp3-128?download=1", Self.bearer)
        try #require(whole.status == 200 && whole.body.count == length)
    }

    private var path: String { "/stream/\(track)/mp3-128.mp3?v=\(entityTag.prefix(8))" }

    private var count: Double { get async throws { try await server.metrics[Self.answers] ?? 0 } }

    private func fields(_ reply: Reply) -> [String] {
        reply.headers.filter { $0.name.lowercased() != "date" }.map { "\($0.name.lowercased()): \($0.value)" }.sorted()
    }

    private func request(_ path: String, _ range: String, _ more: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nAuthorization: Bearer s3cret\r\n\(more)Range: \(range)\r\n\r\n"
    }

    /// Asks twice: the first time the router answers, the second time whoever does.
    private func twice(_ path: String, _ headers: [(String, String)]) async throws -> (Reply, Reply, hot: Double) {
        let first = try await server.send(.GET, path, headers)
        let before = try await count
        let second = try await server.send(.GET, path, headers)
        return (first, second, try await count - before)
    }

    /// The same until the second came from memory: on a busy machine the router's word may be old by then.
    private func untilHot(_ path: String, _ headers: [(String, String)]) async throws -> (Reply, Reply) {
        for _ in 0..<50 {
            let (routed, hot, answers) = try await twice(path, headers)
            if answers == 1 { return (routed, hot) }
        }
        throw NeverHot()
    }

    private struct NeverHot: Error {}

    @Test(
        "An answer from memory is the router's, to the byte and the field",
        arguments: [
            [("Range", "bytes=2000-67535")], [("Range", "bytes=2000-2000")], [("Range", "bytes=-100")],
            [("Range", "bytes=300000-")], [("Range", "bytes=50000-60000"), ("If-Range", "\"ETAG\"")],
            [("Range", "bytes=50000-60000"), ("CMCD-Request", "bl=12000,dl=12000")]
        ])
    func equality(headers: [(String, String)]) async throws {
        let headers = headers.map { ($0, $1.replacing("ETAG", with: entityTag)) }
        let (routed, hot) = try await untilHot(path, headers + [Self.bearer])
        #expect(routed.status == 206 && hot.status == 206)
        #expect(routed.body == hot.body)
        #expect(fields(routed) == fields(hot))
        #expect(hot["Date"] != nil)
    }

    @Test(
        "A request that needs a decision is not answered from memory",
        arguments: [
            ("v=TAG", [("Range", "bytes=0-9")], 206),  // the header region is made by nobody's cache
            ("v=TAG", [("Range", "bytes=0-1,5-9")], 200),
            ("v=TAG", [("If-None-Match", "\"ETAG\"")], 304),
            ("v=TAG", [("Range", "bytes=999999999-")], 416),
            ("v=TAG", [("Range", "bytes=5000-5009"), ("If-Range", "\"other\"")], 200),
            ("v=00000000", [("Range", "bytes=5000-5009")], 307),
            ("next=0123456789012345678901", [("Range", "bytes=5000-5009")], 206),
            ("v=TAG", [("Range", "bytes=5000-5009"), ("Connection", "close")], 206)
        ])
    func others(query: String, headers: [(String, String)], status: Int) async throws {
        let path = "/stream/\(track)/mp3-128?\(query.replacing("TAG", with: entityTag.prefix(8)))"
        let headers = headers.map { ($0, $1.replacing("ETAG", with: entityTag)) } + [Self.bearer]
        let (first, second, answers) = try await twice(path, headers)
        #expect(first.status == status && second.status == status)
        #expect(first.body == second.body)
        #expect(answers == 0)
    }

    @Test("An answer from memory needs the credentials, and ends with its ticket")
    func credentials() async throws {
        let range = ("Range", "bytes=5000-5009")
        let (_, good) = try await untilHot(path, [range, Self.bearer])
        #expect(good.status == 206)
        for headers in [[range], [range, ("Authorization", "Bearer s3cres")], [range, ("Authorization", "Basic czNjcmV0")]] {
            #expect(try await server.send(.GET, path, headers).status == 401)
        }
        #expect(try await server.send(.GET, path + "&ticket=forged.mp3-128.99999999999.AAAA", [range]).status == 401)

        let wish = Array("{\"rendition\":\"mp3-128\"}".utf8)
        let made = try await server.send(.POST, "/api/v1/tracks/\(track)/ticket", [Self.bearer], body: wish)
        let ticket = try #require(try made.json["ticket"]?.text)
        let (routed, hot) = try await untilHot(path + "&ticket=\(ticket)", [range])
        #expect(routed.body == hot.body && hot.body.count == 10)
        #expect(fields(routed) == fields(hot))
        let other = path.replacing("mp3-128", with: "mp3-64").replacing("?v=\(entityTag.prefix(8))", with: "?ticket=\(ticket)")
        #expect(try await server.send(.GET, other, [range]).status == 401)
    }

    @Test("Answers from memory come in the order of their requests, among the router's")
    func pipeline() async throws {
        let ranges = (0..<12).map { 3000 + $0 * 10 }
        let requests = ranges.enumerated().map { index, start in
            // Every third has a query that the router alone takes.
            let path = index % 3 == 2 ? path + "&next=0123456789012345678901" : path
            let field = index == ranges.count - 1 ? "Connection: close\r\n" : ""
            return request(path, "bytes=\(start)-\(start + 9)", field)
        }
        var hot = 0.0
        for _ in 0..<50 where hot == 0 {
            _ = try await untilHot(path, [("Range", "bytes=5000-5009"), Self.bearer])
            let before = try await count
            let text = try await RawConnection.run(to: server) { connection in
                try await connection.send(requests.joined())
                return String(decoding: await connection.readToEnd(), as: Unicode.ASCII.self)
            }
            let answered = text.split(separator: "Content-Range: bytes ").dropFirst().compactMap { Int($0.prefix { $0 != "-" }) }
            #expect(answered == ranges)
            hot = try await count - before
        }
        // Not all: what comes while the router is at work is the router's.
        #expect(hot > 0)
    }

    @Test("Answers from memory are sent in whole to a client that closes its side, or reads slowly at the end")
    func closing() async throws {
        let range = "bytes=2000-\(2000 + 100_000 - 1)"
        let (_, known) = try await untilHot(path, [("Range", range), Self.bearer])
        let before = try await server.metrics["sweetspot_response_bytes_total"] ?? 0
        try await RawConnection.run(to: server, isStalled: true) { connection in
            let head = request(path, range)
            // Two fill what the kernel takes before the client reads.
            try await connection.send(head + head)
            try await connection.finishSending()
            _ = try await server.get("/metrics") { ($0.series["sweetspot_response_bytes_total"] ?? 0) >= before + 200_000 }
            try await connection.resume()
            let bytes = await connection.readToEnd()
            #expect(bytes.suffix(known.body.count) == known.body[...])
            #expect(bytes.count > 2 * known.body.count)
        }
    }

    @Test("Answers from memory do not pile up for a client that sends requests and reads nothing")
    func bounded() async throws {
        let range = "bytes=2000-\(2000 + 120_000 - 1)"
        _ = try await twice(path, [("Range", range), Self.bearer])
        let before = try await server.metrics["sweetspot_response_bytes_total"] ?? 0
        try await RawConnection.run(to: server, isStalled: true) { connection in
            let head = request(path, range)
            try await connection.send(String(repeating: head, count: 400))
            _ = try await server.get("/metrics") { ($0.series["sweetspot_response_bytes_total"] ?? 0) > before }
            for _ in 0..<50 { _ = try await server.get("/healthz") }
            let sent = (try await server.metrics["sweetspot_response_bytes_total"] ?? 0) - before
            #expect(sent < 120_000 * 100, "\(sent) bytes of \(120_000 * 400) were made for nobody")
        }
    }
}
