import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Secrets on their way in", .tags(.http))
    struct SecretTests {
        private static let token = "a-token-that-nobody-guesses"
        private let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        private func tokenFile(mode: Int = 0o600, _ text: String = token + "\n") throws -> String {
            let path = try folder.write(Array(text.utf8), to: "token")
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            return path
        }

        /// What every user of the machine reads of the server and its codec processes.
        private func commandLines(_ server: Server) throws -> String {
            let processes = [server.process] + server.process.children
            return processes.map { process in
                String(
                    decoding: FileManager.default.contents(atPath: "/proc/\(process.identifier)/cmdline") ?? Data(), as: UTF8.self
                )
            }.joined()
        }

        @Test("A token from a file or the environment opens the server, and is in no command line")
        func served() async throws {
            let file = try tokenFile()
            for (arguments, environment) in [(["--token-file", file], [:]), ([], ["SWEETSPOT_TOKEN": Self.token])] {
                try await Server.run(arguments, environment: environment) { server in
                    let bearer = ["Authorization": "Bearer \(Self.token)"]
                    let answers = [
                        try await server.client.get("/api/v1/tracks"), try await server.client.get("/api/v1/tracks", bearer),
                        try await server.client.get("/api/v1/me", bearer)
                    ]
                    #expect(answers.map(\.status) == [401, 200, 404])
                    let lines = try commandLines(server)
                    #expect(lines.contains("serve") && !lines.contains(Self.token))
                    #expect(!server.log.contains(Self.token))
                }
            }
            // What stands on the command line wins.
            try await Server.run(["--open"], environment: ["SWEETSPOT_TOKEN": Self.token]) { server in
                let answer = try await server.client.get("/api/v1/tracks")
                #expect(answer.status == 200)
            }
        }

        @Test("A token that others may read, that is short or given twice is a usage error with what to do")
        func refused() async throws {
            let cases: [([String], [String: String], String)] = [
                (["--token-file", try tokenFile(mode: 0o644)], [:], "chmod 600"),
                (["--token-file", folder.path + "/none"], [:], "none"),
                (["--token-file", "x", "--token", "y"], [:], "--token-file"), (["--open", "--token-file", "x"], [:], "--open"),
                ([], ["SWEETSPOT_TOKEN": ""], "empty")
            ]
            for (options, environment, word) in cases {
                let output = try await run(
                    "/usr/bin/env",
                    environment.map { "\($0)=\($1)" } + [
                        Program.sweetspot, "serve", "--port", "0", "--data", folder.path + "/data"
                    ]
                        + options, seconds: 30)
                #expect(output.status == 64 && output.errorLines.count == 1, "\(options): \(output.status) \(output.errors)")
                #expect(output.errors.hasPrefix("sweetspot: ") && output.errors.contains(word), "\(output.errors)")
            }
            let short = try await sweetspot(
                "serve", "--port", "0", "--data", folder.path, "--token-file", try tokenFile(mode: 0o600, "short\n"))
            #expect(short.status == 64 && short.errors.contains("16"))
        }

        @Test("push takes its key from a file or the environment")
        func pushed() async throws {
            let data = try TemporaryFolder()
            let music = try TemporaryFolder()
            let script = """
                printf 'correct horse\\ncorrect horse\\n' | '\(Program.sweetspot)' account add ada --data '\(data.path)' \
                && '\(Program.sweetspot)' account key ada --data '\(data.path)'
                """
            let made = try await run("/bin/sh", ["-c", script])
            let key = try #require(made.text.split(separator: "\n").last.map(String.init))
            let file = try tokenFile(mode: 0o600, key + "\n")
            try await Server.run(data: data, []) { server in
                for (options, environment) in [
                    (["--token-file", file], []), (["--key-file", file], []), ([], ["SWEETSPOT_TOKEN=\(key)"]),
                    (["--key", key], [])
                ] {
                    _ = try await Signal(seconds: 1).write(in: music)
                    let output = try await run(
                        "/usr/bin/env",
                        environment + ["XDG_STATE_HOME=\(folder.path)/state", Program.sweetspot, "push", music.path]
                            + ["--server", server.client.base] + options, seconds: 60)
                    #expect(output.status == 0 && output.text.contains("already there"), "\(options): \(output.errors)")
                }
                let none = try await run(
                    "/usr/bin/env",
                    ["-u", "SWEETSPOT_TOKEN", Program.sweetspot, "push", music.path, "--server", server.client.base])
                #expect(none.status == 64 && none.errors.contains("SWEETSPOT_TOKEN"), "\(none.errors)")
            }
        }

        @Test("The files that commands make are their owner's alone, whatever the umask")
        func modes() async throws {
            let data = folder.path + "/new/data"
            let song = try await Signal(seconds: 1).write(in: folder)
            let imported = try await run("/bin/sh", ["-c", "umask 0; '\(Program.sweetspot)' import '\(song)' --data '\(data)'"])
            #expect(imported.status == 0, "\(imported.errors)")
            let paths = try [data] + FileManager.default.subpathsOfDirectory(atPath: data).map { "\(data)/\($0)" }
            #expect(paths.count > 5)
            for path in paths {
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect((mode ?? 0o777) & 0o077 == 0, "\(path) \(mode ?? 0)")
            }
        }
    }
}
