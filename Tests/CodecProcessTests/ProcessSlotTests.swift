import Synchronization
import Testing

@testable import CodecProcess

@Suite("Shares of the processor", .timeLimit(.minutes(10))) struct ProcessSlotTests {
    /// Jobs that end when they are told to, and the order they began in.
    private final class Jobs: Sendable {
        private struct State {
            var began: [String] = []
            var ending: [String: AsyncStream<Void>.Continuation] = [:]
        }

        private let state = Mutex(State())
        let slots: ProcessSlots

        init(_ count: Int) { slots = ProcessSlots(count) }

        var began: [String] { state.withLock { $0.began } }

        func run(_ name: String, _ account: Int64?) async throws {
            let (end, source) = AsyncStream<Void>.makeStream()
            try await slots.withSlot(for: account) {
                state.withLock { state in
                    state.began.append(name)
                    state.ending[name] = source
                }
                for await _ in end {}
            }
        }

        func end(_ name: String) { state.withLock { $0.ending[name] }?.finish() }

        func wait(for count: Int) async { while began.count < count { await Task.yield() } }

        /// Gives whatever may begin the time to.
        func settle() async { for _ in 0..<1000 { await Task.yield() } }
    }

    @Test("One account's six slow files do not delay another's first")
    func begins() async throws {
        let jobs = Jobs(2)
        await withTaskGroup(of: Void.self) { tasks in
            for number in 0..<6 { tasks.addTask { try? await jobs.run("slow \(number)", 1) } }
            await jobs.wait(for: 2)
            tasks.addTask { try? await jobs.run("tone", 2) }
            await jobs.wait(for: 3)
            #expect(jobs.began.last == "tone")
            await jobs.settle()
            #expect(jobs.began.count == 3, "an account has no more than its share")
            tasks.cancelAll()
            for name in jobs.began { jobs.end(name) }
        }
    }

    @Test("Waiting accounts take turns, and within an account its files go in their order")
    func takeTurns() async throws {
        let jobs = Jobs(1)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            func add(_ name: String, _ account: Int64?) async {
                tasks.addTask { try await jobs.run(name, account) }
                await jobs.settle()
            }
            await add("a1", 1)
            await add("b1", 2)
            for name in ["a2", "a3"] { await add(name, 1) }
            await add("c1", 3)
            #expect(jobs.began == ["a1", "b1"], "twice as many as there are slots is the most")
            jobs.end("b1")
            // The account that has none running, though it came last.
            await jobs.wait(for: 3)
            #expect(jobs.began == ["a1", "b1", "c1"])
            jobs.end("c1")
            await jobs.settle()
            #expect(jobs.began.count == 3)
            jobs.end("a1")
            await jobs.wait(for: 4)
            #expect(jobs.began.last == "a2")
            jobs.end("a2")
            await jobs.wait(for: 5)
            #expect(jobs.began.last == "a3")
            jobs.end("a3")
            try await tasks.waitForAll()
        }
        // All of it has been given back.
        for _ in 0..<3 { try await jobs.slots.withSlot(for: 9) {} }
    }

    @Test("A file that is given up while it waits is passed over")
    func givesUp() async throws {
        let jobs = Jobs(1)
        let first = Task { try await jobs.run("first", 1) }
        await jobs.wait(for: 1)
        let second = Task { try await jobs.run("second", 1) }
        await jobs.settle()
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        jobs.end("first")
        try await first.value
        try await jobs.slots.withSlot(for: 1) {}
        #expect(jobs.began == ["first"])
    }
}
