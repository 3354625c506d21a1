import Foundation
import TestSupport
import Testing

extension RealTime {
    /// What other people wrote about Subsonic, and what they wrote for it, judges `/rest`.
    @Suite("Subsonic from outside", .tags(.http, .oracle, .slow), .timeLimit(.minutes(30)))
    struct SubsonicOracleTests {
        private static let description: String = {
            let named = ProcessInfo.processInfo.environment["SWEETSPOT_OPENSUBSONIC"]
            return named
                ?? URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/data/opensubsonic").path
        }()
        private static let isDescribed = FileManager.default.fileExists(atPath: description + "/openapi.json")

        private func expect(_ name: String, _ arguments: [String] = [], seconds: Int = 900) async throws -> Script.Verdict {
            let verdict = try await Script(name: name).run([Program.sweetspot] + arguments, of: "/rest", seconds: seconds)
            #expect(verdict.problems.isEmpty, "\(verdict.problems.joined(separator: "\n"))")
            for name in verdict.figures.keys.sorted() where name.hasPrefix("SKIPPED") { print(name) }
            return verdict
        }

        @Test(
            "Every answer, of nothing and of everything, is as OpenSubsonic's schemas have it, and the same in XML",
            .enabled(if: isDescribed, "SKIPPED: no OpenAPI description of OpenSubsonic (SWEETSPOT_OPENSUBSONIC)"),
            .enabled(if: Script.has("jsonschema", "mutagen"), "SKIPPED: python3-jsonschema is not installed: make test-deps"))
        func described() async throws {
            let verdict = try await expect("subsonic")
            #expect((verdict.figures["endpoints"] ?? 0) >= 87 && (verdict.figures["documents judged by schema"] ?? 0) > 300)
            #expect((verdict.figures["compared with XML"] ?? 0) > 200)
        }

        @Test(
            "15 clients get the answers they need, and each quirk and reported bug is met",
            .enabled(if: isDescribed, "SKIPPED: no recorded requests of Subsonic clients (SWEETSPOT_OPENSUBSONIC)"),
            .enabled(if: Script.has("mutagen"), "SKIPPED: python3-mutagen is not installed: make test-deps"))
        func replayed() async throws {
            let verdict = try await expect("subsonic_replays")
            #expect((verdict.figures["requests"] ?? 0) >= 156 && verdict.figures["clients"] == 15)
            #expect(verdict.figures["quirks"] == 30 && verdict.figures["bugs"] == 28)
        }

        @Test(
            "Whatever is malformed gets the envelope, and no render",
            .enabled(if: Script.has("mutagen"), "SKIPPED: python3-mutagen is not installed: make test-deps"))
        func hostile() async throws {
            let verdict = try await expect("subsonic_hostile", [Program.isLong ? "10000" : "1000"])
            #expect((verdict.figures["refused"] ?? 0) > 100 && (verdict.figures["mutated credentials"] ?? 0) > 100)
        }

        /// A short run has the clients that are Python alone; a long one those with a window too.
        @Test(
            "Clients that others wrote browse, search, play, seek and scrobble",
            .enabled(
                if: Script.has("libsonic", "libopensonic", "mutagen"),
                "SKIPPED: py-sonic or py-opensonic is not installed: make test-deps"))
        func clients() async throws {
            let verdict = try await expect("subsonic_clients", Program.isLong ? [] : ["py-sonic", "py-opensonic"], seconds: 1_500)
            #expect((verdict.figures["py-sonic's methods"] ?? 0) > 70 && (verdict.figures["py-opensonic's methods"] ?? 0) > 70)
        }

        @Test(
            "A locker of many tracks is listed from any offset in the time of a page",
            .enabled(if: Program.isLong, "SWEETSPOT_LONG is not set"))
        func large() async throws { _ = try await expect("subsonic_large", ["100000", "100"], seconds: 1_700) }
    }
}
