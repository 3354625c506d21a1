import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The data directory", .tags(.http, .oracle, .slow), .timeLimit(.minutes(10)))
    struct DataDirectoryTests {
        private func account(_ words: String, _ data: TemporaryFolder) async throws -> Output {
            let input = "printf 'correct horse\\ncorrect horse\\n'"
            return try await run(
                "/bin/sh", ["-c", "\(input) | '\(Program.sweetspot)' account \(words) --data '\(data.path)'"])
        }

        /// A data directory with a copy of the one file and the originals.
        private func copy(_ data: TemporaryFolder) throws -> TemporaryFolder {
            let copy = try TemporaryFolder()
            for name in ["catalogue.sqlite", "originals"] where FileManager.default.fileExists(atPath: data.path + "/" + name) {
                try FileManager.default.copyItem(atPath: data.path + "/" + name, toPath: copy.path + "/" + name)
            }
            return copy
        }

        private func login(_ server: Server) async throws -> Int32 {
            let words = #"{"name":"ada","password":"correct horse"}"#
            return try await run(
                "curl",
                ["-sf", "-X", "POST", "-H", "Content-Type: application/json", "-d", words, server.client.base + "/api/v1/session"]
            ).status
        }

        @Test("After a clean stop, and after a command, a copy of the one catalogue file is the catalogue")
        func oneFile() async throws {
            let data = try TemporaryFolder()
            #expect(try await account("add ada", data).status == 0)
            let key = try #require(try await account("key ada", data).text.split(separator: "\n").last.map(String.init))
            let fields = ["Authorization": "Bearer \(key)"]
            // After commands alone.
            try await Server.run(data: try copy(data), []) { server in
                let status = try await login(server)
                let list = try await server.client.get("/api/v1/tracks", fields)
                #expect(status == 0 && list.status == 200)
            }
            let song = try await Signal(seconds: 3).write(in: data)
            #expect(try await sweetspot("import", song, "--data", data.path, "--account", "ada").status == 0)
            let imported = try copy(data)
            // After a server that lists were read from.
            try await Server.run(data: data, []) { server in
                try await inParallel(4, Array(0..<8)) { _ in _ = try await server.client.get("/api/v1/tracks", fields) }
                #expect(try await login(server) == 0)
            }
            for copy in [imported, try copy(data)] {
                try await Server.run(data: copy, []) { server in
                    #expect(try await login(server) == 0)
                    let list = try await server.client.get("/api/v1/tracks", fields)
                    #expect(try list.json(Track.List.self).items.count == 1, "\(list.text)")
                }
            }
        }

        @Test("A second server on one data directory is refused, commands are not, and a start after a kill is not")
        func secondServer() async throws {
            let data = try TemporaryFolder()
            try await Server.run(data: data) { server in
                let second = try await sweetspot("serve", "--open", "--port", "0", "--data", data.path)
                #expect(second.status == 64 && second.text.isEmpty && second.errorLines.count == 1, "\(second.errors)")
                #expect(second.errors.contains(data.path) && second.errors.contains("process \(server.process.identifier)"))
                #expect(try await server.client.get("/api/v1/tracks").status == 200)
                #expect(try await account("add ada", data).status == 0)
                #expect(try await account("list", data).text.contains("ada"))
            }
            for _ in 0..<3 {
                let log = try TemporaryFolder()
                let child = try Child(
                    Program.sweetspot, ["serve", "--open", "--port", "0", "--data", data.path],
                    environment: ProcessInfo.processInfo.environment, output: log.path + "/output", errors: log.path + "/errors")
                let isThere = try await eventually { try text(of: log.path + "/output").hasSuffix("\n") }
                #expect(isThere)
                kill(child.identifier, SIGKILL)
                _ = await child.status
            }
            let last = try await Server.run(data: data) { server in try await server.client.get("/api/v1/tracks") }
            #expect(last.status == 200)
        }

        @Test(
            "A later version's catalogue is refused with 70 by the server and by commands, both versions named",
            .enabled(if: areInstalled("python3"), "python3 is not installed"))
        func laterCatalogue() async throws {
            let data = try TemporaryFolder()
            #expect(try await account("add ada", data).status == 0)
            let script = """
                import sqlite3, sys
                catalogue = sqlite3.connect(sys.argv[1])
                catalogue.execute("INSERT INTO grdb_migrations VALUES ('holograms')")
                catalogue.commit()
                catalogue.close()
                """
            try await make("/usr/bin/python3", ["-c", script, data.path + "/catalogue.sqlite"])
            for arguments in [["serve", "--port", "0"], ["account", "list"], ["import", data.path]] {
                let output = try await run(Program.sweetspot, arguments + ["--data", data.path])
                #expect(output.status == 70 && output.errorLines.count == 1, "\(arguments): \(output.status) \(output.errors)")
                #expect(output.errors.contains("\"holograms\"") && output.errors.contains("later version"))
            }
        }

        @Test("A disk of 24 MB that uploads and another program fill is emptied by the API, and nothing answers 500")
        func fullDisk() async throws {
            let verdict = try await Script(name: "full").run([Program.sweetspot], of: "24 MB", seconds: 280)
            #expect(verdict.problems.isEmpty, "\(verdict.problems.joined(separator: "\n"))")
            if verdict.figures["skipped"] != nil {
                print("SKIPPED: a full disk: this user may mount no file system, not even in a namespace of its own")
            } else {
                #expect((verdict.figures["tracks"] ?? 0) >= 12 && (verdict.figures["refused"] ?? 0) > 0)
            }
        }
    }
}
