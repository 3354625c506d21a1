import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import TestSupport
import Testing

@testable import Gateway

/// A server on a free port with a data directory of its own, and a client that follows no redirect.
struct RunningServer: Sendable {
    /// The server of the running suite; see ``ServerTrait``.
    @TaskLocal static var current: RunningServer?

    let application: SweetspotApplication
    let url: String
    /// What opens `/setup`.
    let setupCode: String?
    let data: URL
    let client: HTTPClient
    private let group: ServiceGroup

    /// Routes beside the server's own.
    struct FurtherRoutes {
        let add: (_ routes: inout Routes, _ media: Media) throws -> Void
    }

    /// Runs `body` with a server of one worker, and ends it after.
    static func run<Value: Sendable>(
        access: ServerConfiguration.Access = .open,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        adding further: FurtherRoutes = FurtherRoutes { _, _ in },
        _ configure: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (RunningServer) async throws -> Value
    ) async throws -> Value {
        signal(SIGPIPE, SIG_IGN)
        let data = FileManager.default.temporaryDirectory.appending(path: "sweetspot-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: data) }
        var configuration = ServerConfiguration(access: access)
        configuration.port = 0
        configuration.data = data.path
        configuration.workers = 1
        // The release build's, if that is under test.
        if Program.isBuilt { configuration.codecExecutable = Program.codec }
        configure(&configuration)

        let (urls, running) = AsyncStream<(String, String?)>.makeStream()
        let application = try await buildApplication(configuration: configuration, logger: logger, adding: further.add) {
            running.yield(($0, $1))
        }
        let group = ServiceGroup(configuration: .init(services: [application.service], logger: logger))
        let run = Task {
            defer { running.finish() }
            try await group.run()
        }
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))
        let result: Result<Value, any Error>
        do {
            let (url, code) = try #require(await urls.first { _ in true })
            let server = RunningServer(
                application: application, url: url, setupCode: code, data: data, client: client, group: group)
            result = .success(try await body(server))
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        let ended = await run.result
        try await client.shutdown()
        let value = try result.get()
        try ended.get()
        return value
    }

    /// Paths of the regular files under a folder of its data directory.
    func files(under folder: String) throws -> [String] {
        let root = data.appending(path: folder).path
        return try FileManager.default.subpathsOfDirectory(atPath: root).map { "\(root)/\($0)" }.filter {
            (try? FileManager.default.attributesOfItem(atPath: $0)[.type]) as? FileAttributeType == .typeRegular
        }
    }

    var port: Int { URL(string: url)?.port ?? 0 }

    func send(
        _ method: HTTPMethod, _ path: String, _ headers: [(String, String)] = [], body: [UInt8]? = nil
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: url + path)
        request.method = method
        request.headers = HTTPHeaders(headers)
        if let body { request.body = .bytes(body) }
        let response = try await client.execute(request, timeout: .seconds(300))
        let bytes = try await response.body.collect(upTo: 1 << 28)
        return Reply(status: Int(response.status.code), headers: response.headers, body: Array(bytes.readableBytesView))
    }

    func get(_ path: String, _ headers: (String, String)...) async throws -> Reply { try await send(.GET, path, headers) }

    /// Uploads a file and gives its track's document, however long it is checked.
    @discardableResult
    func upload(_ file: [UInt8], name: String, _ headers: [(String, String)] = []) async throws -> JSON {
        let reply = try await send(.POST, "/api/v1/tracks?name=\(name)", headers, body: file)
        if reply.status == 202, let place = reply["Location"] {
            let stored = try await get(place, headers, until: { try $0.json["track"]?.text != nil })
            let id = try #require(try stored.json["track"]?.text)
            return try await send(.GET, "/api/v1/tracks/\(id)", headers).json
        }
        try #require(reply.status == 201, "\(reply.text)")
        return try reply.json
    }

    /// Begins to end the server, as Ctrl-C does.
    func beginShutdown() async { await group.triggerGracefulShutdown() }

    /// Asks until `condition` holds of the answer; gives up after five minutes.
    ///
    /// - Parameter method: `HEAD` if what the condition waits for also cuts bodies under way.
    @discardableResult
    func get(
        _ path: String, _ headers: [(String, String)] = [], by method: HTTPMethod = .GET, until condition: (Reply) throws -> Bool
    ) async throws -> Reply {
        let deadline = ContinuousClock.now + .seconds(300)
        while true {
            let reply = try await send(method, path, headers)
            if try condition(reply) { return reply }
            try #require(ContinuousClock.now < deadline, "\(path) is still \(reply.text)")
        }
    }

    /// Metrics by series: `sweetspot_response_bytes_total`, `sweetspot_chunk_requests_total{result="hit"}`.
    var metrics: [String: Double] { get async throws { try await get("/metrics").series } }
}
