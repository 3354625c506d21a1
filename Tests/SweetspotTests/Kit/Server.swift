import Foundation
import Glibc
import TestSupport
import Testing

/// A running `sweetspot serve` on a free port of the loopback interface.
struct Server: Sendable {
    let client: Client
    let process: LiveProcess
    /// From the start to the line with the URL.
    let startTime: Duration
    /// The path of its `--data`.
    let data: String
    private let logFile: String

    /// Runs a server while `body` runs, and ends it by SIGTERM: it has to end well, and to leave no child behind.
    ///
    /// - Parameters:
    ///   - arguments: besides `serve --port 0 --data D`; `--open` where there are none.
    ///   - token: the secret that lets the client in, where the server is not open.
    ///   - descriptors: how many files it may have open, by its hard limit.
    static func run<Value>(
        data: TemporaryFolder? = nil, _ arguments: [String] = ["--open"], token: String? = nil,
        environment: [String: String] = [:], descriptors: Int? = nil,
        _ body: (Server) async throws -> Value
    ) async throws -> Value {
        let arguments = token.map { ["--token", $0] } ?? arguments
        let folder = try data ?? TemporaryFolder()
        let logs = try TemporaryFolder()
        let (output, log) = (logs.path + "/output", logs.path + "/log")
        let start = ContinuousClock.now
        var command = [Program.sweetspot, "serve", "--port", "0", "--data", folder.path] + arguments
        if let descriptors { command = ["/bin/sh", "-c", "ulimit -n \(descriptors); exec \"$0\" \"$@\""] + command }
        let child = try Child(
            command[0], Array(command.dropFirst()),
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }, output: output, errors: log)
        let process = LiveProcess(identifier: child.identifier)
        let result = await outcome {
            let hasSpoken = try await eventually(within: .seconds(120)) { try text(of: output).hasSuffix("\n") || process.isGone }
            let startTime = ContinuousClock.now - start
            let url = String(try text(of: output).dropLast())
            let complaint = try text(of: log)
            try #require(hasSpoken && url.hasPrefix("http://127.0.0.1:"), "serve printed no URL: \(complaint)")
            let server = Server(
                client: Client(base: url, token: token), process: process, startTime: startTime, data: folder.path, logFile: log)
            let result = await outcome { try await server.whenReady(body) }
            try await server.client.shutdown()
            #expect(try text(of: output) == url + "\n", "serve printed more than its URL")
            return try result.get()
        }
        let children = process.children
        kill(child.identifier, SIGTERM)
        let patience = Task {
            try await Task.sleep(for: .seconds(120))
            kill(child.identifier, SIGKILL)
        }
        let status = await child.status
        patience.cancel()
        let lastWords = try text(of: log).suffix(2000)
        #expect(status == 0, "serve ended with \(status): \(lastWords)")
        #expect(try await eventually { children.allSatisfy(\.isGone) }, "serve left a child behind")
        return try result.get()
    }

    private func whenReady<Value>(_ body: (Server) async throws -> Value) async throws -> Value {
        let isReady = try await eventually(within: .seconds(300)) { try await client.get("/readyz").status == 200 }
        try #require(isReady, "not ready in time: \(log)")
        return try await body(self)
    }

    /// What it has logged.
    var log: String { (try? text(of: logFile)) ?? "" }

    /// What is in `incoming/`.
    var incoming: [String] { TemporaryFolder.files(under: data + "/incoming") }

    /// The files in `originals/`.
    var stored: [String] { TemporaryFolder.files(under: data + "/originals") }

    /// Takes a file in, however long that takes.
    func add(_ path: String) async throws -> Track {
        let name = URL(filePath: path).lastPathComponent
        return try await settled(try await client.upload(try bytes(of: path), name: name), path).json(Track.self)
    }

    /// The answer with the track, to an upload that was checked in time for it or, on a busy machine, later.
    func settled(_ answer: Answer, _ path: String) async throws -> Answer {
        struct Upload: Decodable { let track: String? }
        if answer.status == 202, let place = answer["location"] {
            var track: String?
            _ = try await eventually(within: .seconds(300)) {
                track = try await client.get(place).json(Upload.self).track
                return track != nil
            }
            return try await client.get("/api/v1/tracks/\(try #require(track, "\(path) was not stored"))")
        }
        try #require(answer.status == 201, "\(path): \(answer.status) \(answer.text)")
        return answer
    }
}
