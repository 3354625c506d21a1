import Foundation
import Testing

/// What a program that has ended left behind.
struct Output: Sendable {
    let status: Int32
    let bytes: [UInt8]
    let errors: String

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Lines on stderr.
    var errorLines: [Substring] { errors.split(separator: "\n") }
}

/// Runs a program to its end: a path, or the name of an installed tool. One that takes longer than `seconds` is ended, with
/// status 124.
func run(
    _ tool: String, _ arguments: [String], environment: [String: String] = [:], seconds: Int = 120
) async throws -> Output {
    let folder = try TemporaryFolder()
    let (output, errors) = (folder.path + "/output", folder.path + "/errors")
    let child = try Child(
        "/usr/bin/timeout", ["--kill-after=5", "\(seconds)", tool] + arguments,
        environment: ProcessInfo.processInfo.environment.merging(environment) { $1 }, output: output, errors: errors)
    let status = await child.status
    return Output(
        status: status, bytes: Array(try Data(contentsOf: URL(filePath: output))),
        errors: String(decoding: try Data(contentsOf: URL(filePath: errors)), as: UTF8.self))
}

/// Runs the `sweetspot` under test.
func sweetspot(_ arguments: String..., environment: [String: String] = [:]) async throws -> Output {
    try await run(Program.sweetspot, arguments, environment: environment)
}

/// Runs a tool that has to succeed.
@discardableResult
func make(_ tool: String, _ arguments: [String]) async throws -> Output {
    let output = try await run(tool, arguments)
    try #require(output.status == 0, "\(tool) \(arguments.joined(separator: " ")): \(output.errors)")
    return output
}

/// Asks again and again until `condition` holds; false where it does not in time.
func eventually(within limit: Duration = .seconds(60), _ condition: () async throws -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return false
}

/// What comes of `body`, so that something can be ended before an error goes on.
func outcome<Value>(_ body: () async throws -> Value) async -> Result<Value, any Error> {
    do { return .success(try await body()) } catch { return .failure(error) }
}
