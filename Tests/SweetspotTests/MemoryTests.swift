import AsyncHTTPClient
import Glibc
import NIOCore
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
    @Suite(
        "Memory under a listening load", .tags(.http, .slow), .enabled(if: Program.isLong, "SWEETSPOT_LONG is not set"),
        .enabled(if: geteuid() == 0, "only root may see a worker's memory"))
    struct MemoryTests {
        private static let budget = 64 << 20
        private static let listeners = 200

        @Test("The server stays within 80 MB and its cache budget, a worker within 40 MB")
        func bounded() async throws {
            let music = try TemporaryFolder()
            for rate in [32_000, 44_100, 48_000, 96_000] {
                for channels in [1, 2] { _ = try await Signal(rate, channels: channels, seconds: 180).write(in: music) }
            }
            let environment = ["SWEETSPOT_CACHE_MEMORY": "64MiB"]
            try await Server.run(["--open", "--music", music.path], environment: environment) { server in
                let streams = try await server.client.tracks().flatMap(\.renditions)
                #expect(streams.reduce(0) { $0 + $1.bytes } > 3 * Self.budget)
                let load = (0..<max(Self.listeners, streams.count)).map { streams[$0 % streams.count] }
                let isOver = Atomic(false)
                async let worker = largestWorker(of: server, until: isOver)
                try await inParallel(Self.listeners, load) { stream in
                    var length = 0
                    for try await part in try await server.client.open(stream.url.asDownload).body {
                        length += part.readableBytes
                    }
                    #expect(length == stream.bytes)
                }
                isOver.store(true, ordering: .relaxed)
                let peak = try #require(server.process.memory("VmHWM", in: "status"))
                let pss = try await worker
                print(
                    "server: \(peak >> 10) KiB at most, of them \(Self.budget >> 10) cache budget; a worker: \(pss >> 10) KiB PSS"
                )
                #expect(peak < 80_000_000 + Self.budget)
                #expect(pss > 0 && pss < 40_000_000)
            }
        }

        /// The most memory any worker is seen to take, each shared page counted in part (PSS).
        private func largestWorker(of server: Server, until isOver: borrowing Atomic<Bool>) async throws -> Int {
            var most = 0
            while !isOver.load(ordering: .relaxed) {
                most = max(most, server.process.codecs("render").compactMap { $0.memory("Pss", in: "smaps_rollup") }.max() ?? 0)
                try await Task.sleep(for: .milliseconds(200))
            }
            return most
        }
    }
}
