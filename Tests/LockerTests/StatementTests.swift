import Audio
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Locker

@Suite("The catalogue's statements", .tags(.oracle), .everyDriver) struct StatementTests {
    @Test(
        "Every statement outside the dialect's files is taken by PostgreSQL's own parser",
        .enabled(if: Script.has("pglast"), "pglast is not installed: make test-deps"))
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
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Locker").standardized
        let verdict = try await Script(name: "postgres").run([list, sources.path], of: "the catalogue", seconds: 120)
        #expect(verdict.problems.isEmpty, "\(verdict.problems.joined(separator: "\n"))")
        #expect(verdict.figures["statements"] ?? 0 > 120 && verdict.figures["in the sources"] ?? 0 > 90, "\(verdict.figures)")
    }
}
