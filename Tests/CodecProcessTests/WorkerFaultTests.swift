import Audio
import Testing

@testable import CodecProcess

@Suite("Workers that misbehave")
struct WorkerFaultTests {
    @Test("A program that ends at once is reported with how it ended")
    func endsAtOnce() async throws {
        let child = try ScriptedChild("exit 3")
        try await PoolFixture.run(executable: child.executable) { fixture in
            let reported = WorkerError.unavailable("a worker exited with status 3")
            await #expect(throws: reported) { try await fixture.pool.fingerprint() }
            let chunk = try #require(MadeChunk())
            await #expect(throws: reported) { try await fixture.render(chunk) }
        }
    }

    @Test("A program that is not there is reported by its path")
    func missing() async throws {
        try await PoolFixture.run(executable: "/nonexistent/sweetspot-codec") { fixture in
            await #expect(throws: WorkerError.unavailable("cannot start /nonexistent/sweetspot-codec: No such file or directory"))
            {
                try await fixture.pool.fingerprint()
            }
        }
    }

    @Test("Garbage instead of a reply ends the worker", arguments: ["echo 'this is not the protocol at all'", "cat /dev/zero"])
    func garbage(script: String) async throws {
        let child = try ScriptedChild("\(script)\nexec sleep 1000")
        try await PoolFixture.run(executable: child.executable) { fixture in
            await #expect(throws: WorkerError.unavailable("a worker broke the protocol")) {
                try await fixture.pool.fingerprint()
            }
            try #expect(fixture.exits("protocol") >= 3)
        }
    }

    /// What a worker may not answer job 1 with: another job's number, more bytes than the chunk has, an end before its last byte.
    static let answers: [(MessageHeader, Int)] = [
        (MessageHeader(.frames, length: 4, job: 2), 4), (MessageHeader(.done, length: 8, job: 1), 8),
        (MessageHeader(.frames, length: 60_000, job: 1), 60_000), (MessageHeader(.progress, length: 16, job: 1), 16),
        (MessageHeader(.ready, length: 6, job: 1), 6), (MessageHeader(.frames, length: 1 << 17, job: 1), 0)
    ]

    @Test("A wrong answer is not believed: the job is tried once more, then fails", arguments: answers)
    func falseAnswer(header: MessageHeader, length: Int) async throws {
        let answer = (header: header, body: [UInt8](repeating: 0, count: length))
        let child = try ScriptedChild(
            "cat $d/ready; head -c 16 >$d/request; cat $d/answer; exec sleep 1000",
            messages: ["ready": ScriptedChild.ready, "answer": answer])
        let chunk = try #require(MadeChunk())
        try await PoolFixture.run(executable: child.executable) { fixture in
            let collected = Collected()
            await #expect(throws: WorkerError.died) {
                try await fixture.pool.render(chunk.job, packets: chunk.packets) { collected.append($0) }
            }
            #expect(collected.bytes.isEmpty)
            try #expect(fixture.retries == 1)
            try #expect(fixture.exits("protocol") == 2)
        }
    }

    @Test("A worker that stalls is killed at its deadline, and its job is done by another")
    func stalls() async throws {
        let chunk = try #require(MadeChunk())
        let bytes = (0..<chunk.job.byteCount).map { UInt8(truncatingIfNeeded: $0) }
        let child = try ScriptedChild(
            """
            cat $d/ready; head -c 16 >$d/request
            if mkdir $d/once; then cat $d/start; exec sleep 1000; fi
            cat $d/start $d/rest $d/done; exec sleep 1000
            """,
            messages: [
                "ready": ScriptedChild.ready,
                "start": (MessageHeader(.frames, length: 10, job: 1), Array(bytes[..<10])),
                "rest": (MessageHeader(.frames, length: bytes.count - 10, job: 1), Array(bytes[10...])),
                "done": (MessageHeader(.done, length: 8, job: 1), [1, 0, 0, 0, 0, 0, 0, 0])
            ])
        try await PoolFixture.run(executable: child.executable, jobDeadline: .seconds(5)) { fixture in
            try await #expect(fixture.render(chunk) == bytes)
            try #expect(fixture.exits("killed-deadline") == 1)
            try #expect(fixture.retries == 1)
        }
    }

    @Test("A worker that waits for a processor is not killed (a busy machine lost healthy ones after 20 s)")
    func starved() async throws {
        let chunk = try #require(MadeChunk())
        let bytes = [UInt8](repeating: 7, count: chunk.job.byteCount)
        // Half a second of a processor that four others want, too: two and a half.
        let child = try ScriptedChild(
            """
            cat $d/ready; head -c 16 >$d/request
            taskset -cp "$(taskset -cp $$ | sed 's/.*[^0-9]//')" $$ >&2
            others=
            for _ in 1 2 3 4; do (while kill -0 $$; do :; done) & others="$others $!"; done
            while read -r used rest </proc/$$/schedstat && [ "$used" -lt 500000000 ]; do :; done
            kill $others
            cat $d/frames $d/done; exec sleep 1000
            """,
            messages: [
                "ready": ScriptedChild.ready, "frames": (MessageHeader(.frames, length: bytes.count, job: 1), bytes),
                "done": (MessageHeader(.done, length: 8, job: 1), [1, 0, 0, 0, 0, 0, 0, 0])
            ])
        try await PoolFixture.run(executable: child.executable, jobDeadline: .seconds(2)) { fixture in
            let begin = ContinuousClock.now
            try await #expect(fixture.render(chunk) == bytes)
            #expect(ContinuousClock.now - begin > .seconds(2), "nothing kept it waiting")
            try #expect(fixture.exits("killed-deadline") == 0)
        }
    }

    @Test("A retry that makes other bytes is an error, not a body made of both")
    func differs() async throws {
        let child = try ScriptedChild(
            "cat $d/ready; head -c 16 >$d/request; cat $d/head; printf %08d $$ | tail -c 8; exit 1",
            messages: ["ready": ScriptedChild.ready, "head": (MessageHeader(.frames, length: 8, job: 1), [])])
        let chunk = try #require(MadeChunk())
        try await PoolFixture.run(executable: child.executable) { fixture in
            let collected = Collected()
            await #expect(throws: WorkerError.failed("a second attempt made other bytes than the first")) {
                try await fixture.pool.render(chunk.job, packets: chunk.packets) { collected.append($0) }
            }
            #expect(collected.bytes.count == 8)
        }
    }

    @Test("A worker that closes its pipe after getting ready is replaced")
    func closes() async throws {
        let child = try ScriptedChild("cat $d/ready; exit 0", messages: ["ready": ScriptedChild.ready])
        try await PoolFixture.run(executable: child.executable) { fixture in
            for await reason in fixture.departures.reasons.prefix(3) { #expect(reason == "closed") }
            try await #expect(fixture.pool.fingerprint().value == 7)
        }
    }

    @Test("A worker with another fingerprint than the first is killed and counted")
    func otherFingerprint() async throws {
        let child = try ScriptedChild(
            "cat $d/head; printf %04d $$ | tail -c 4; printf '\\001x'; exec sleep 1000",
            messages: ["head": (MessageHeader(.ready, length: 6), [])])
        try await PoolFixture.run(executable: child.executable) { fixture in
            for await reason in fixture.departures.reasons.prefix(2) { #expect(reason == "fingerprint") }
            try #expect(fixture.exits("fingerprint") >= 2)
            try await #expect(fixture.pool.fingerprint().libraries == "x")
        }
    }
}
