import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Acknowledged uploads", .tags(.http, .oracle, .slow), .timeLimit(.minutes(30)))
    struct DurabilityTests {
        private func expect(_ name: String, _ arguments: [String] = [], seconds: Int = 1_700) async throws -> Script.Verdict {
            let what = arguments.joined(separator: " ")
            let verdict = try await Script(name: name).run([Program.sweetspot] + arguments, of: what, seconds: seconds)
            #expect(verdict.problems.isEmpty, "\(verdict.problems.joined(separator: "\n"))")
            return verdict
        }

        /// What an unsynced byte does at a crash, as a library that is preloaded.
        private func shim(in folder: TemporaryFolder) async throws -> String {
            let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Oracles/unsynced.c").path
            let library = folder.path + "/unsynced.so"
            try await make("clang", ["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source])
            return library
        }

        @Test("An acknowledged upload survives the death of the server and all its processes at any moment")
        func survivesKill() async throws {
            let verdict = try await expect("killed", [Program.isLong ? "200" : "5"])
            #expect((verdict.figures["acknowledged"] ?? 0) > 0)
            #expect((verdict.figures["slowest start s"] ?? 99) < (Program.isLong ? 2 : 10))
        }

        @Test("An acknowledged upload survives a disk that loses at each crash what it was not told to keep")
        func survivesLoss() async throws {
            let folder = try TemporaryFolder()
            let library = try await shim(in: folder)
            let verdict = try await expect("killed", [Program.isLong ? "100" : "4", library])
            #expect((verdict.figures["taken back"] ?? 0) > 0 && (verdict.figures["acknowledged"] ?? 0) > 0)
        }

        /// On a busy machine four rounds may end before anything is acknowledged, so they are asked again.
        @Test("An upload that was not synced is found missing")
        func shimBites() async throws {
            let folder = try TemporaryFolder()
            let library = try await shim(in: folder)
            let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Oracles/killed.py").path
            for attempt in 1... {
                let output = try await run(
                    "/usr/bin/python3", ["-B", script, Program.sweetspot, "4", library], environment: ["UNSYNCED_DEAF": "1"],
                    seconds: 600)
                let verdict = try JSONDecoder().decode(Script.Verdict.self, from: Data(output.bytes))
                guard verdict.problems.isEmpty, attempt < 5 else {
                    #expect(!verdict.problems.isEmpty)
                    return
                }
            }
        }

        @Test("An upload is synced before it is acknowledged, in the order that makes it durable")
        func order() async throws { _ = try await expect("order") }

        @Test("A resumable upload is not sent again, wherever the connection or the server is cut")
        func cuts() async throws {
            let verdict = try await expect("cuts", [Program.isLong ? "500" : "5"])
            #expect((verdict.figures["most sent again MiB"] ?? 9) <= 8 && (verdict.figures["cuts"] ?? 0) > 0)
        }

        @Test(
            "An upload by tuspy is stored as it was sent",
            .enabled(if: Script.has("tusclient"), "tuspy is not installed: make test-deps"))
        func tuspy() async throws {
            try await Server.run { server in
                let verdict = try await Script(name: "tuspy_client").run([server.client.base], of: "five files", seconds: 300)
                #expect(verdict.problems.isEmpty, "\(verdict.problems.joined(separator: "\n"))")
                #expect(verdict.figures["stored"] == 5)
            }
        }
    }
}

extension EndToEnd {
    @Suite("An account's data", .tags(.http, .oracle, .slow), .timeLimit(.minutes(10)))
    struct ErasureTests {
        @Test("An account exports all its data, and leaves nothing when it is deleted")
        func erased() async throws {
            let verdict = try await Script(name: "erased").run([Program.sweetspot], of: "two accounts", seconds: 200)
            #expect(verdict.problems.isEmpty, "\(verdict.problems.joined(separator: "\n"))")
        }
    }

    @Suite("The API", .tags(.http, .oracle, .slow), .timeLimit(.minutes(40)))
    struct DescriptionTests {
        @Test(
            "Every answer of the API is as its description says",
            .enabled(if: Script.has("jsonschema", "mutagen"), "python3-jsonschema is not installed: make test-deps"))
        func openAPI() async throws {
            let verdict = try await Script(name: "openapi").run([Program.sweetspot], of: "every operation", seconds: 200)
            #expect(verdict.problems.isEmpty, "\(verdict.problems.joined(separator: "\n"))")
            #expect((verdict.figures["operations"] ?? 0) > 40)
        }

        /// A short run comes through each operation's bounds, a long one to what follows from what.
        @Test(
            "The API holds whatever schemathesis sends", .timeLimit(.minutes(40)),
            .enabled(if: Script.has("schemathesis"), "schemathesis is not installed: make test-deps"))
        func schemathesis() async throws {
            let seconds = Program.isLong ? 600 : 12
            // Each takes its time, whatever the other does.
            let verdicts = try await inParallel(Program.isLong ? 1 : 2, ["open", "key"]) { access in
                try await Script(name: "described").run(
                    [Program.sweetspot, access, "\(seconds)", "15"], of: access, seconds: seconds + 400)
            }
            for verdict in verdicts {
                #expect(verdict.problems.isEmpty, "\(verdict.problems.joined(separator: "\n"))")
                #expect((verdict.figures["operations"] ?? 0) >= (Program.isLong ? 40 : 5))
                #expect((verdict.figures["cases"] ?? 0) >= (Program.isLong ? 4000 : verdict.figures["operations"] ?? 5))
            }
        }
    }

    @Suite("A large locker", .tags(.http, .oracle, .slow), .timeLimit(.minutes(20)))
    struct LargeLockerTests {
        /// The times are those of a release build: `make test-long` has one.
        @Test("A large locker answers every list and search at once, and starts as soon as a small one")
        func large() async throws {
            let sizes = Program.isLong ? ["100000", "1000", "150"] : ["500", "5", "2"]
            let verdict = try await Script(name: "large").run(
                [Program.sweetspot] + sizes, of: sizes.joined(separator: " "), seconds: 900)
            #expect(verdict.problems.isEmpty, "\(verdict.problems.joined(separator: "\n"))")
            #expect((verdict.figures["start s"] ?? 99) < (Program.isLong ? 1 : 10) && (verdict.figures["grown MB"] ?? 99) < 50)
            if Program.isLong { #expect((verdict.figures["worst p99 ms"] ?? 99) < 25, "on a quiet machine it is under 20") }
        }
    }
}
