import Audio
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import CodecProcess

// One at a time: each starts workers, and in a debug build that is most of a second of work for every one.
@Suite(
    "Rendering in worker processes", .tags(.codec), .serialized,
    .enabled(if: codecExecutable() != nil, "sweetspot-codec is not built"))
struct WorkerPoolTests {
    @Test("A chunk has its bytes, and the same from every worker", arguments: ["mp3-128", "opus-64"])
    func renders(rendition: String) async throws {
        let chunk = try #require(MadeChunk(rendition))
        try await PoolFixture.run(workers: 2) { fixture in
            let first = try await fixture.render(chunk)
            #expect(first.count == chunk.job.byteCount)
            try await withThrowingTaskGroup { group in
                for _ in 0..<4 { group.addTask { try await fixture.render(chunk) } }
                for try await bytes in group { #expect(bytes == first) }
            }
            let cost = try await fixture.pool.render(chunk.job, packets: chunk.packets) { _ in }
            #expect(cost.cpu > .zero && cost.cpu <= cost.wall)
            try #expect(fixture.retries == 0)
        }
    }

    @Test("All workers share a fingerprint that names the libraries")
    func fingerprint() async throws {
        try await PoolFixture.run { fixture in
            let fingerprint = try await fixture.pool.fingerprint()
            #expect(!fingerprint.libraries.isEmpty)
            try await #expect(fixture.pool.fingerprint() == fingerprint)
        }
    }

    @Test("If a worker is killed in the middle of a job, each byte arrives once, after one retry")
    func killed() async throws {
        let chunk = try #require(MadeChunk())
        try await PoolFixture.run { fixture in
            let undisturbed = try await fixture.render(chunk)
            let pool = fixture.pool
            let bytes = try await fixture.render(chunk) { piece in
                if piece == 1 { pool.processIdentifiers.first.map { _ = kill($0, SIGKILL) } }
            }
            #expect(bytes == undisturbed)
            try #expect(fixture.retries == 1)
            try #expect(fixture.exits("crashed") == 1)
        }
    }

    @Test("A job that crashes both attempts is an error, and the next job is rendered")
    func crashesTwice() async throws {
        let chunk = try #require(MadeChunk())
        try await PoolFixture.run { fixture in
            _ = try await fixture.pool.fingerprint()
            let pool = fixture.pool
            await #expect(throws: WorkerError.died) {
                try await fixture.render(chunk) { _ in pool.processIdentifiers.first.map { _ = kill($0, SIGSEGV) } }
            }
            try #expect(fixture.retries == 1)
            try await #expect(fixture.render(chunk).count == chunk.job.byteCount)
        }
    }

    @Test("A job that makes no sense fails with the worker's reason and costs no worker")
    func badJob() async throws {
        let chunk = try #require(MadeChunk())
        try await PoolFixture.run { fixture in
            let workers = try await {
                _ = try await fixture.render(chunk)
                return fixture.pool.processIdentifiers
            }()
            await #expect {
                try await fixture.pool.render(chunk.job, packets: Array(chunk.packets.dropLast(1000))) { _ in }
            } throws: { error in
                if case WorkerError.failed(let reason) = error { !reason.isEmpty && !reason.contains("(") } else { false }
            }
            try await #expect(fixture.render(chunk).count == chunk.job.byteCount)
            #expect(Set(workers).isSubset(of: fixture.pool.processIdentifiers))
            try #expect(fixture.retries == 0)
        }
    }

    @Test("Cancelling the caller ends neither the job nor the worker")
    func cancelled() async throws {
        let chunk = try #require(MadeChunk())
        try await PoolFixture.run { fixture in
            let task = Task { try await fixture.render(chunk) { _ in withUnsafeCurrentTask { $0?.cancel() } } }
            task.cancel()
            try await #expect(task.value.count == chunk.job.byteCount)
            try #expect(fixture.exits("crashed") == 0)
        }
    }

    @Test("Shutting down fails the jobs that are left, may be done twice, and leaves only an error")
    func shutdown() async throws {
        let chunk = try #require(MadeChunk())
        try await PoolFixture.run { fixture in
            _ = try await fixture.pool.fingerprint()
            let workers = fixture.pool.processIdentifiers
            let jobs = (0..<2).map { _ in Task { try await fixture.render(chunk) } }
            await fixture.pool.shutdown()
            await fixture.pool.shutdown()
            // A job may have come before the shutdown or after it, but it may not hang, nor fail for another reason.
            for job in jobs {
                if case .failure(let error) = await job.result { #expect(error as? WorkerError == .stopped) }
            }
            #expect(fixture.pool.processIdentifiers.isEmpty && workers.allSatisfy(isGone))
            await #expect(throws: WorkerError.stopped) { try await fixture.render(chunk) }
            await #expect(throws: WorkerError.stopped) { try await fixture.pool.fingerprint() }
        }
    }

    @Test(
        "50 jobs and some kills leave no zombie and no open pipe",
        .enabled(if: geteuid() == 0, "needs root to see a worker's pipes"))
    func leavesNothing() async throws {
        let chunk = try #require(MadeChunk(trackSeconds: 3))
        let seen = Sightings()
        try await PoolFixture.run(workers: 2) { fixture in
            let undisturbed = try await fixture.render(chunk)
            let pool = fixture.pool
            for round in 0..<25 {
                async let one = fixture.render(chunk) { piece in
                    guard piece == 1 else { return }
                    let processes = pool.processIdentifiers
                    seen.add(processes, pipes: processes.flatMap { pipes(of: "\($0)") })
                    if round % 5 == 0 { processes.first.map { _ = kill($0, SIGKILL) } }
                }
                async let other = fixture.render(chunk)
                try await #expect(one == undisturbed)
                try await #expect(other == undisturbed)
            }
            try #expect((1...5).contains(fixture.retries))
        }
        #expect(seen.processes.count >= 6 && seen.pipes.count >= 12)
        #expect(seen.processes.allSatisfy(isGone))
        #expect(seen.pipes.isDisjoint(with: pipes(of: "self")))
    }
}

/// The workers a test has seen, and their pipes.
private final class Sightings: Sendable {
    private let seen = Mutex<(processes: Set<Int32>, pipes: Set<String>)>(([], []))

    var processes: Set<Int32> { seen.withLock { $0.processes } }
    var pipes: Set<String> { seen.withLock { $0.pipes } }

    func add(_ processes: [Int32], pipes: [String]) {
        seen.withLock {
            $0.processes.formUnion(processes)
            $0.pipes.formUnion(pipes)
        }
    }
}

/// The pipes a process has open, by inode: `pipe:[1234]`.
private func pipes(of process: String) -> [String] {
    let folder = "/proc/\(process)/fd"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)") }
        .filter { $0.hasPrefix("pipe:") }
}
