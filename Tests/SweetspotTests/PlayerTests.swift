import TestSupport
import Testing

extension EndToEnd {
    @Suite(
        "The web player in Chromium", .tags(.browser, .http, .oracle, .slow),
        .enabled(
            if: areInstalled("chromium", "chromedriver")
                && Script.has("selenium"), "chromium, chromium-driver or python3-selenium is not installed"))
    struct PlayerTests {
        @Test("An open server's page shows its music, with nothing on the console and nothing that its policy forbids")
        func page() async throws {
            let folder = try TemporaryFolder()
            let path = try await Signal(seconds: 3).write(in: folder)
            try await Server.run { server in
                let track = try await server.add(path)
                let verdict = try await Script(name: "pages").run(
                    [server.client.base, track.title, "/", "/tracks"], of: "an open server", seconds: 200)
                #expect(verdict.problems == [])
                #expect(verdict.figures["pages"] == 2 && verdict.figures["modules"] ?? 0 >= 2)
                #expect(!server.log.contains("player"))
            }
        }

        @Test("Two tracks that a page feeds to Media Source Extensions are one unbroken piece")
        func joined() async throws {
            let folder = try TemporaryFolder()
            // Neither ends at the end of a frame.
            let paths = [
                try await Signal(seconds: 7.3, kind: .flac16).write(in: folder),
                try await Signal(seconds: 6.1, kind: .flac16).write(in: folder)
            ]
            try await Server.run { server in
                let tracks = [try await server.add(paths[0]).id, try await server.add(paths[1]).id]
                let renditions = ["opus-64", "aac-96", "flac"]
                let verdict = try await Script(name: "fed").run(
                    [server.client.base] + tracks + renditions, of: "two tracks", seconds: 200)
                #expect(verdict.problems == [])
                #expect(verdict.figures["joined"] == Double(renditions.count))
            }
        }
    }
}
