import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import TestSupport
import Testing

/// A whole answer.
struct Answer: Sendable {
    let status: Int
    private let headers: HTTPHeaders
    let body: ByteBuffer

    init(_ response: HTTPClientResponse, body: ByteBuffer) {
        status = Int(response.status.code)
        headers = response.headers
        self.body = body
    }

    /// A header field's values, joined by commas; nil where it is missing.
    subscript(field: String) -> String? {
        headers.contains(name: field) ? headers[field].joined(separator: ", ") : nil
    }

    var length: Int? { self["content-length"].flatMap { Int($0) } }
    var text: String { String(buffer: body) }

    func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(body.readableBytesView))
    }
}

/// Talks to one server, on as many connections at once as it has requests.
struct Client: Sendable {
    let base: String
    /// What it says in every request to be let in.
    let token: String?
    private let http: HTTPClient

    init(base: String, token: String? = nil) {
        self.base = base
        self.token = token
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 4096
        configuration.timeout.connect = .seconds(30)
        http = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    func shutdown() async throws { try await http.shutdown() }

    /// The head of an answer whose body comes as fast as it is read.
    func open(_ path: String, _ headers: [String: String] = [:]) async throws -> HTTPClientResponse {
        try await execute(.GET, path, headers)
    }

    func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Answer {
        try await answer(to: .GET, path, headers)
    }

    func head(_ path: String) async throws -> Answer { try await answer(to: .HEAD, path) }

    func upload(_ bytes: [UInt8], name: String) async throws -> Answer { try await post("/api/v1/tracks?name=\(name)", bytes) }

    func post(_ path: String, _ bytes: [UInt8]) async throws -> Answer { try await answer(to: .POST, path, body: bytes) }

    func delete(_ path: String) async throws -> Answer { try await answer(to: .DELETE, path) }

    /// A ticket for all of a track's renditions.
    func ticket(for track: Track) async throws -> String {
        struct Document: Decodable { let ticket: String }
        let answer = try await answer(
            to: .POST, "/api/v1/tracks/\(track.id)/ticket", ["Content-Type": "application/json"],
            body: Array(#"{"rendition":"*"}"#.utf8))
        return try answer.json(Document.self).ticket
    }

    private func answer(
        to method: HTTPMethod, _ path: String, _ headers: [String: String] = [:], body: [UInt8]? = nil
    ) async throws -> Answer {
        let response = try await execute(method, path, headers, body: body)
        return Answer(response, body: try await response.body.collect(upTo: 1 << 30))
    }

    private func execute(
        _ method: HTTPMethod, _ path: String, _ headers: [String: String] = [:], body: [UInt8]? = nil
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        request.headers = HTTPHeaders(headers.map { ($0.key, $0.value) })
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        return try await http.execute(request, timeout: .seconds(600))
    }

    /// The whole of a file, which has to be there, as fast as it comes.
    func whole(_ path: String) async throws -> ByteBuffer {
        let answer = try await get(path.asDownload)
        try #require(answer.status == 200 && answer.length == answer.body.readableBytes, "\(path): \(answer.status)")
        return answer.body
    }

    /// A part of a file of `length` bytes, which has to be there.
    func part(_ range: Range<Int>, of path: String, length: Int) async throws -> ByteBuffer {
        let answer = try await get(path, ["Range": "bytes=\(range.lowerBound)-\(range.upperBound - 1)"])
        let field = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)"
        try #require(
            answer.status == 206 && answer["content-range"] == field && answer.body.readableBytes == range.count,
            "\(path) \(range): \(answer.status) \(answer["content-range"] ?? "")")
        return answer.body
    }

    func tracks() async throws -> [Track] {
        let answer = try await get("/api/v1/tracks?limit=500&sort=title")
        return try answer.json(Track.List.self).items
    }

    /// The sum of a metric over all its labels, or those that contain `label`.
    func metric(_ name: String, _ label: String? = nil) async throws -> Int {
        let text = String(buffer: try await whole("/metrics"))
        return text.split(separator: "\n").filter { line in
            (line.hasPrefix(name + "{") || line.hasPrefix(name + " ")) && label.map { line.contains($0) } ?? true
        }.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }.reduce(0, +)
    }

    /// Renders that have ended.
    func renders() async throws -> Int { try await metric("sweetspot_chunk_render_seconds_count") }
}

extension String {
    /// The same file, not paced.
    var asDownload: String { self + (contains("?") ? "&" : "?") + "download=1" }
}
