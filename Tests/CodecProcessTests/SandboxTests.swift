import Foundation
import TestSupport
import Testing

@testable import CodecProcess

@Suite("A worker's sandbox", .tags(.codec), .enabled(if: codecExecutable() != nil, "sweetspot-codec is not built"))
struct SandboxTests {
    @Test("Once ready, a worker can gain no privilege, open no file and start no process")
    func limits() async throws {
        try await PoolFixture.run { fixture in
            _ = try await fixture.pool.fingerprint()
            let chunk = try #require(MadeChunk())
            _ = try await fixture.render(chunk) { piece in
                guard piece == 1, let worker = fixture.pool.processIdentifiers.first else { return }
                let status = (try? String(contentsOfFile: "/proc/\(worker)/status", encoding: .utf8)) ?? ""
                #expect(status.contains("NoNewPrivs:\t1\n"))
                #expect(status.contains("Threads:\t1\n"))
                // 2: a filter.
                #expect(status.contains("Seccomp:\t2\n"))
                let limits = (try? String(contentsOfFile: "/proc/\(worker)/limits", encoding: .utf8)) ?? ""
                let hard = Dictionary(
                    limits.split(separator: "\n").map { line in
                        (
                            String(line.prefix(26)).trimmingCharacters(in: .whitespaces),
                            line.dropFirst(26).split(separator: " ").prefix(2).joined(separator: " ")
                        )
                    }, uniquingKeysWith: { first, _ in first })
                for name in ["Max open files", "Max file size", "Max processes", "Max core file size", "Max locked memory"] {
                    #expect(hard[name] == "0 0", "\(name)")
                }
                #expect(hard["Max address space"] == "\(512 << 20) \(512 << 20)")
                // 20 s for the job and 10 in reserve, rounded up, above what earlier jobs took.
                #expect(hard["Max cpu time"]?.split(separator: " ").first.flatMap { Int($0) } == 31)
            }
        }
    }

    @Test(
        "A worker has three descriptors: two pipes and /dev/null",
        .enabled(if: geteuid() == 0, "needs root to see a worker's files"))
    func descriptors() async throws {
        try await PoolFixture.run { fixture in
            _ = try await fixture.pool.fingerprint()
            let worker = try #require(fixture.pool.processIdentifiers.first)
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(worker)/fd").sorted()
            #expect(open == ["0", "1", "2"])
            try #expect(FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(worker)/fd/2") == "/dev/null")
        }
    }

    @Test(
        "Run by a person, sweetspot-codec says one line and exits with 64",
        arguments: [[], ["help"], ["render", "x"], ["picture"], ["picture", "0"], ["picture", "2049"], ["picture", "5", "5"]])
    func usage(arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: try #require(codecExecutable()))
        process.arguments = arguments
        let errors = Foundation.Pipe()
        process.standardError = errors
        try process.run()
        let text = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 64)
        #expect(text.hasPrefix("sweetspot-codec: ") && text.hasSuffix("\n") && text.split(separator: "\n").count == 1)
    }

    @Test("A worker whose parent is gone ends by itself, without an error")
    func endOfInput() throws {
        let process = Process()
        process.executableURL = URL(filePath: try #require(codecExecutable()))
        process.arguments = ["render"]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = Foundation.Pipe()
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    }
}
