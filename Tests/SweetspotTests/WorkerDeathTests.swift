import Glibc
import NIOCore
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Workers killed by kill -9", .tags(.http, .slow))
    struct WorkerDeathTests {
        private static let rates = Program.isLong ? [44_100, 48_000, 32_000, 96_000] : [44_100, 96_000]
        private static let streams = Program.isLong ? 200 : 30
        private static let leastKills = Program.isLong ? 50 : 10

        @Test("No listener notices a worker's death: every body is whole and right")
        func unnoticed() async throws {
            let music = try TemporaryFolder()
            for rate in Self.rates {
                _ = try await Signal(rate, seconds: Program.isLong ? 30 : 9).write(in: music)
            }
            let arguments = ["--open", "--music", music.path]
            let undisturbed = try await Server.run(arguments) { try await bodies($0.client, at: 4) }
            #expect(Set(undisturbed.keys).count == Self.rates.count * 21)

            let kills = try await Server.run(arguments) { server in
                let isOver = Atomic(false)
                async let kills = killing(server, until: isOver)
                let disturbed = try await bodies(server.client, at: Self.streams)
                isOver.store(true, ordering: .relaxed)
                #expect(Set(disturbed.keys) == Set(undisturbed.keys))
                let wrong = disturbed.filter { $0.value != undisturbed[$0.key] }.map(\.key)
                #expect(wrong == [])
                let count = try await kills
                let exits = try await eventually {
                    try await server.client.metric("sweetspot_worker_exits_total", "crashed") == count
                }
                #expect(exits, "\(server.log)")
                print("kills: \(count), retries: \(try await server.client.metric("sweetspot_chunk_retries_total"))")
                #expect(try await server.client.metric("sweetspot_chunk_retries_total") > 0)
                return count
            }
            #expect(kills >= Self.leastKills)
        }

        @Test("Six deaths in two seconds cut no stream (three without a job failed all that waited)")
        func sixDeaths() async throws {
            let music = try TemporaryFolder()
            for rate in [44_100, 48_000] { _ = try await Signal(rate, seconds: 30).write(in: music) }
            let arguments = ["--open", "--music", music.path]
            let names = ["mp3-64", "mp3-320", "opus-64"]
            func urls(_ client: Client) async throws -> [String] {
                try await client.tracks().flatMap { track in names.compactMap { name in track.stream(name)?.url } }
            }
            let undisturbed = try await Server.run(arguments) { server in
                Set(try await inParallel(4, try await urls(server.client)) { try await server.client.whole($0) })
            }
            try await Server.run(arguments) { server in
                let urls = try await urls(server.client)
                async let bodies = inParallel(urls.count, urls) { try await server.client.whole($0) }
                let isUnderWay = try await eventually { try await server.client.renders() >= 4 }
                try #require(isUnderWay)
                var killed: Set<LiveProcess> = []
                let start = ContinuousClock.now
                // All at once, and whatever is started for them while it starts: a job is struck once, the pool six times.
                while killed.count < 6, ContinuousClock.now - start < .seconds(20) {
                    for worker in server.process.codecs("render") where killed.insert(worker).inserted {
                        kill(worker.identifier, SIGKILL)
                    }
                    await Task.yield()
                }
                print("killed \(killed.count) workers in \(ContinuousClock.now - start)")
                #expect(killed.count >= 6)
                #expect(Set(try await bodies) == undisturbed)
            }
        }

        /// Every rung of every track, and each again until there are ``streams``, `width` at once.
        private func bodies(_ client: Client, at width: Int) async throws -> [String: ByteBuffer] {
            let streams = try await client.tracks().flatMap { track in
                track.renditions.map { (key: "\(track.sha256) \($0.name)", url: $0.url) }
            }
            let all = (0..<max(streams.count, Self.streams)).map { streams[$0 % streams.count] }
            let bodies = try await inParallel(width, all) { (key: $0.key, body: try await client.whole($0.url)) }
            return try bodies.reduce(into: [:]) { found, stream in
                try #require(found[stream.key].map { $0 == stream.body } ?? true, "\(stream.key): two bodies")
                found[stream.key] = stream.body
            }
        }

        /// Kills one worker after the other, each time eight more chunks are rendered; gives their number.
        private func killing(_ server: Server, until isOver: borrowing Atomic<Bool>) async throws -> Int {
            var random = SeededGenerator(seed: 9)
            var kills = 0
            var goal = 0
            while !isOver.load(ordering: .relaxed) {
                let renders = try await server.client.renders()
                guard renders >= goal, let worker = server.process.codecs("render").randomElement(using: &random) else {
                    continue
                }
                goal = renders + 8
                if kill(worker.identifier, SIGKILL) == 0 { kills += 1 }
            }
            return kills
        }
    }
}
