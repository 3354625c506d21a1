import Foundation
import NIOCore
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Mutants of every core format", .tags(.http, .slow))
    struct MutantTests {
        private struct Mutant: Sendable {
            let number: Int
            let name: String
            let bytes: [UInt8]
        }

        /// What became of a mutant.
        private enum Fate: Hashable {
            case taken
            case refused(Int)
        }

        private static let count = Program.isLong ? 5000 : 150
        /// Ingest ends after 20 s and a fifth of the sound; a mutant that takes a minute hangs.
        private static let patience = Duration.seconds(60)

        @Test("A mutant is refused or plays, the server lives on, and nothing is left")
        func mutants() async throws {
            let folder = try TemporaryFolder()
            var seeds: [(name: String, bytes: [UInt8])] = []
            for seed in Seed.all { seeds.append((seed.name, try await seed.made(in: folder))) }
            try await Server.run(environment: ["SWEETSPOT_LIMITS_GRACE": "0"]) { server in
                for seed in seeds {
                    let fate = try await upload(Mutant(number: -1, name: seed.name, bytes: seed.bytes), server)
                    #expect(fate == .taken, "\(seed.name) is whole")
                }
                // The mutants are made on the way, so that all of them are never held at once.
                var fates: [Fate: Int] = [:]
                for batch in stride(from: 0, to: Self.count, by: 100) {
                    let mutants = (batch..<min(batch + 100, Self.count)).map { number in
                        let seed = seeds[number % seeds.count]
                        var mutator = Mutator(seed: UInt64(number))
                        return Mutant(number: number, name: seed.name, bytes: mutator.mutant(of: seed.bytes))
                    }
                    for fate in try await inParallel(2, mutants, { try await upload($0, server) }) {
                        fates[fate, default: 0] += 1
                    }
                    #expect(server.incoming == [], "after \(batch + mutants.count) mutants")
                }
                #expect(try await eventually { server.stored == [] }, "every track was deleted")
                #expect(server.process.codecs("ingest").isEmpty)
                #expect(fates[.taken, default: 0] > Self.count / 4 && fates[.taken, default: 0] < Self.count)
                try await report(fates, server)
            }
        }

        private func report(_ fates: [Fate: Int], _ server: Server) async throws {
            let outcomes = fates.map { "\($0.key): \($0.value)" }.sorted().joined(separator: ", ")
            let metrics = String(buffer: try await server.client.whole("/metrics"))
            let deaths = metrics.split(separator: "\n").filter {
                $0.hasPrefix("sweetspot_worker_exits_total{") && !$0.hasSuffix(" 0")
            }
            let broken = server.log.split(separator: "\n").count { $0.contains("broke down") }
            print("mutants: \(outcomes); ingests that broke down: \(broken)")
            print("worker deaths by cause: \(deaths.isEmpty ? "none" : deaths.sorted().joined(separator: " "))")
        }

        /// Uploads a mutant; what is taken plays from anywhere and is deleted again.
        private func upload(_ mutant: Mutant, _ server: Server) async throws -> Fate {
            let start = ContinuousClock.now
            defer { #expect(ContinuousClock.now - start < Self.patience, "mutant \(mutant.number) of \(mutant.name) hangs") }
            let answer = try await server.client.upload(mutant.bytes, name: mutant.name)
            let label = "mutant \(mutant.number) of \(mutant.name)"
            guard [200, 201].contains(answer.status) else {
                let problem = try? answer.json(ProblemDocument.self)
                #expect([413, 415, 422].contains(answer.status), "\(label): \(answer.status) \(answer.text)")
                #expect(problem?.detail.isEmpty == false, "\(label)")
                return .refused(answer.status)
            }
            let track = try answer.json(Track.self)
            var random = SeededGenerator(seed: UInt64(mutant.bytes.count))
            for ladder in ["mp3", "opus"] {
                guard let stream = track.renditions.filter({ $0.ladder == ladder }).randomElement(using: &random) else {
                    continue
                }
                let first = Int.random(in: 0..<stream.bytes, using: &random)
                let last = min(stream.bytes - 1, first + 4095)
                let range = "\(first)-\(last)"
                // What was taken plays, whatever its packets hold. An error after the head ends the connection: no answer.
                let part = try? await server.client.get(stream.url, ["Range": "bytes=\(range)"])
                guard part?.status != 206 || part?.body.readableBytes != last - first + 1 else { continue }
                let kept = FileManager.default.temporaryDirectory.appending(path: "mutant-\(mutant.number)-\(mutant.name)")
                try Data(mutant.bytes).write(to: kept)
                Issue.record("\(kept.path): \(stream.name) \(range): \(part.map { "\($0.status)" } ?? "the body ends early")")
            }
            let deletion = try await server.client.delete("/api/v1/tracks/\(track.id)")
            // Mutants may be equal, and under way at the same time.
            #expect([204, 404].contains(deletion.status), "\(label): \(deletion.status)")
            return .taken
        }
    }
}
