import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
    @Suite(
        "The whole corpus meets ingest", .tags(.http, .oracle, .slow),
        .enabled(if: Corpus.isThere, "SWEETSPOT_CORPUS names no folder"))
    struct JailTests {
        /// Proportional set size, in bytes.
        private static let memory = 256 << 20

        /// All files; of every extension the first few in a short run, as the odd kinds are the rare ones.
        private static let files: [String] = {
            let all = Corpus.conformance + Corpus.malformed
            guard !Program.isLong else { return all }
            let kinds = Dictionary(grouping: all) { URL(filePath: $0).pathExtension.lowercased() }
            return kinds.values.flatMap { kind in
                stride(from: 0, to: kind.count, by: max(1, kind.count / (kind.count > 20 ? 4 : 1))).prefix(5).map { kind[$0] }
            }.sorted()
        }()

        @Test(
            "Every file gets its verdict in time and in bounds, and the server lives on",
            .enabled(if: geteuid() == 0, "only root may see a worker's memory"))
        func verdicts() async throws {
            #expect(Self.files.count >= (Program.isLong ? 831 : 70))
            var statuses: [Int: Int] = [:]
            var most = (bytes: 0, name: "")
            var longest = (time: Duration.zero, name: "")
            try await Server.run(environment: Program.takesExtraFormats) { server in
                for path in Self.files {
                    let name = URL(filePath: path).lastPathComponent
                    let isOver = Atomic(false)
                    async let peak = largestIngest(of: server, until: isOver)
                    let start = ContinuousClock.now
                    let answer = try await server.client.upload(try bytes(of: path), name: "file")
                    let time = ContinuousClock.now - start
                    isOver.store(true, ordering: .relaxed)
                    let bytes = try await peak
                    let duration = (try? answer.json(Track.self))?.duration ?? 0
                    #expect([200, 201, 413, 415, 422].contains(answer.status), "\(name): \(answer.status) \(answer.text)")
                    #expect(time < .seconds(20 + duration / 5), "\(name)")
                    #expect(bytes <= Self.memory, "\(name): \(bytes >> 20) MiB")
                    #expect(server.incoming == [], "\(name)")
                    if answer.text.contains("broke down") { Issue.record("\(name): \(answer.text)") }
                    statuses[answer.status, default: 0] += 1
                    if bytes > most.bytes { most = (bytes, name) }
                    if time > longest.time { longest = (time, name) }
                }
                #expect(server.process.codecs("ingest").isEmpty)
            }
            print("verdicts: \(statuses.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))")
            print("most memory: \(most.bytes >> 20) MiB PSS, \(most.name); longest: \(longest.time), \(longest.name)")
            #expect(most.bytes > 0)
        }

        /// The most memory an ingest process is seen to take, each shared page counted in part (PSS).
        private func largestIngest(of server: Server, until isOver: borrowing Atomic<Bool>) async throws -> Int {
            var most = 0
            while !isOver.load(ordering: .relaxed) {
                for ingest in server.process.codecs("ingest") { most = max(most, ingest.memory("Pss", in: "smaps_rollup") ?? 0) }
                try await Task.sleep(for: .milliseconds(5))
            }
            return most
        }

        @Test(
            "No broken file makes ingest open, connect or start anything",
            .enabled(if: Program.isLong, "SWEETSPOT_LONG is not set"))
        func calls() async throws {
            for path in Corpus.malformed {
                let calls = try await callsAfterReady(path)
                #expect(calls == [], "\(path)")
            }
        }

        /// The system calls that reach outside, from the `ready` message on, when ingest reads `path`.
        private func callsAfterReady(_ path: String) async throws -> [Substring] {
            let folder = try TemporaryFolder()
            let trace = folder.path + "/trace"
            let input = open(path, O_RDONLY)
            defer { close(input) }
            let reaching = "open,openat,openat2,creat,connect,socket,execve,execveat,fork,vfork,clone,clone3"
            let child = try Child(
                "/usr/bin/strace",
                ["-f", "-xx", "-s", "16", "-o", trace, "-e", "trace=write,writev,\(reaching)", Program.codec, "ingest"],
                environment: ProcessInfo.processInfo.environment, input: input, output: "/dev/null",
                errors: folder.path + "/errors")
            let status = await child.status
            #expect(status == 0, "\(path): \(status)")
            // A header's first field is its kind, 2 for ready.
            let lines = try text(of: trace).split(separator: "\n")
            let ready = try #require(
                lines.firstIndex { $0.contains(" write") && $0.contains(#""\x02\x00"#) },
                "\(path): ingest never says that it is ready")
            return lines[ready...].filter { !$0.contains(" write") && !$0.contains("+++") }
        }
    }
}
