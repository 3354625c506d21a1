import Audio
import Foundation
import Synchronization
import Testing

@testable import Locker

@Suite("The catalogue's statements", .everyDriver) struct StatementTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
    private static let python = root.appending(path: ".build/oracles/bin/python").path

    /// Whether `make test-deps` could install the parser.
    private static let hasParser =
        FileManager.default.isExecutableFile(atPath: python) && ((try? run(["-c", "import pglast"]))?.status == 0)

    private struct Verdict: Decodable {
        let problems: [String]
        let figures: [String: Int]
    }

    @discardableResult
    private static func run(_ arguments: [String]) throws -> (status: Int32, output: Data) {
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-B"] + arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, bytes)
    }

    @Test(
        "outside the dialect's files are ones that PostgreSQL's own parser takes",
        .enabled(if: hasParser, "pglast is not installed: make test-deps"))
    func parse() async throws {
        let seen = Mutex<Set<String>>([])
        let clock = SetClock(1_000_000)
        let fixture = try Fixture(now: { clock.time }, onStatement: { text in seen.withLock { _ = $0.insert(text) } })
        // A change of the schema is the dialect's.
        seen.withLock { $0 = [] }
        try await Operations(catalogue: fixture.catalogue, clock: clock).run()
        let dialects = [SQLiteDialect().search]
        let statements = seen.withLock { $0 }.filter { text in
            ["SELECT", "UPDATE", "DELETE", "INSERT"].contains { text.hasPrefix($0) } && !dialects.contains(text)
                // The tables of GRDB and of FTS5.
                && !["sqlite_master", "grdb_migrations", "'main'."].contains { text.contains($0) }
        }
        let list = fixture.path + ".json"
        try JSONEncoder().encode(statements.sorted()).write(to: URL(filePath: list))
        let (status, output) = try Self.run([
            Self.root.appending(path: "Tests/Oracles/postgres.py").path, list, Self.root.appending(path: "Sources/Locker").path
        ])
        try #require(status == 0)
        let verdict = try JSONDecoder().decode(Verdict.self, from: output)
        #expect(verdict.problems.isEmpty, "\(verdict.problems.joined(separator: "\n"))")
        #expect(verdict.figures["statements"] ?? 0 > 120 && verdict.figures["in the sources"] ?? 0 > 90, "\(verdict.figures)")
    }
}
