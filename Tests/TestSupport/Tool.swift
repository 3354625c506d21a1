import Foundation
import Glibc
import Testing

/// What a program that has ended left behind.
public struct Output: Sendable {
    public let status: Int32
    public let bytes: [UInt8]
    public let errors: String

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Lines on stderr.
    public var errorLines: [Substring] { errors.split(separator: "\n") }
}

/// Runs a program to its end: a path, or the name of an installed tool. One that takes longer than `seconds` is ended, with
/// status 124.
public func run(
    _ tool: String, _ arguments: [String], environment: [String: String] = [:], seconds: Int = 120
) async throws -> Output {
    let folder = try TemporaryFolder()
    let command = Command(tool, arguments, environment, seconds, in: folder)
    let child = try Child(
        command.path, command.arguments, environment: command.environment, output: command.output, errors: command.errors)
    return try command.output(endedWith: await child.status)
}

/// The same while the calling thread waits; `input` is the path of the file that is its stdin.
public func runBlocking(
    _ tool: String, _ arguments: [String], input: String? = nil, seconds: Int = 120
) throws -> Output {
    let folder = try TemporaryFolder()
    let command = Command(tool, arguments, [:], seconds, in: folder)
    let file = open(input ?? "/dev/null", O_RDONLY)
    try #require(file >= 0)
    defer { close(file) }
    let child = try Child.start(
        command.path, command.arguments, environment: command.environment, input: file, output: command.output,
        errors: command.errors)
    return try command.output(endedWith: Child.exit(of: Child.wait(for: child)))
}

/// Whether all these are in `/usr/bin`, and the quick run does not leave them out.
public func areInstalled(_ tools: String...) -> Bool {
    !Program.isFast && tools.allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }
}

private struct Command {
    let path = "/usr/bin/timeout"
    let arguments: [String]
    let environment: [String: String]
    let output: String
    let errors: String

    init(_ tool: String, _ arguments: [String], _ environment: [String: String], _ seconds: Int, in folder: TemporaryFolder) {
        self.arguments = ["--kill-after=5", "\(seconds)", tool] + arguments
        self.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        (output, errors) = (folder.path + "/output", folder.path + "/errors")
    }

    func output(endedWith status: Int32) throws -> Output {
        Output(status: status, bytes: try bytes(of: output), errors: try text(of: errors))
    }
}

/// Runs a tool that has to succeed.
@discardableResult
public func make(_ tool: String, _ arguments: [String]) async throws -> Output {
    let output = try await run(tool, arguments)
    try #require(output.status == 0, "\(tool) \(arguments.joined(separator: " ")): \(output.errors)")
    return output
}

/// Asks again and again until `condition` holds; false where it does not in time.
public func eventually(within limit: Duration = .seconds(300), _ condition: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while true {
        // Asked once after the end, too: on a busy machine the pause may be longer than the limit.
        let isOver = ContinuousClock.now >= end
        if try await condition() { return true }
        if isOver { return false }
        try await Task.sleep(for: .milliseconds(20))
    }
}

/// What comes of `body`, so that something can be ended before an error goes on.
public func outcome<Value>(_ body: () async throws -> Value) async -> Result<Value, any Error> {
    do { return .success(try await body()) } catch { return .failure(error) }
}
