import Audio
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Locker

@Suite("The catalogue's statements", .everyDriver) struct StatementTests {
    /// Every statement that the catalogue's functions run, with the fixture they ran on.
    private func statements() async throws -> (fixture: Fixture, texts: Set<String>) {
        let seen = Mutex<Set<String>>([])
        let clock = SetClock(1_000_000)
        let fixture = try Fixture(now: { clock.time }, onStatement: { text in seen.withLock { _ = $0.insert(text) } })
        // A change of the schema is the dialect's.
        seen.withLock { $0 = [] }
        try await Operations(catalogue: fixture.catalogue, clock: clock).run()
        return (fixture, seen.withLock { $0 })
    }

    /// SQLite guesses which of two indexes finds fewer rows, and may take the account's, of which every row is one of a locker's
    /// 100,000.
    @Test("A statement that names a track, an album or an artist does not walk a whole locker")
    func named() async throws {
        let (fixture, texts) = try await statements()
        let item = /\b(albumId|artistId|albumOwner|id) = [?(].*\baccount = \?|\baccount = \?.*\b(albumId|artistId|id) = [?(]/
        var seen = 0
        for text in texts where text.replacing("\n", with: " ").contains(item) {
            guard ["SELECT", "UPDATE", "DELETE"].contains(where: text.hasPrefix) else { continue }
            seen += 1
            for step in try await fixture.catalogue.plan(of: text)
            where step.wholeMatch(of: /SEARCH (track|album|artist) USING .*INDEX \w+ \(account=\?\)/) != nil {
                Issue.record("\(step): \(text)")
            }
        }
        #expect(seen > 40, "only \(seen) statements name an item")
    }

    @Test(
        "Every statement outside the dialect's files is taken by PostgreSQL's own parser",
        .enabled(if: Script.has("pglast"), "pglast is not installed: make test-deps"), .tags(.oracle))
    func parse() async throws {
        let (fixture, texts) = try await statements()
        let dialects = [SQLiteDialect().search]
        let statements = texts.filter { text in
            ["SELECT", "UPDATE", "DELETE", "INSERT", "WITH"].contains { text.hasPrefix($0) } && !dialects.contains(text)
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
