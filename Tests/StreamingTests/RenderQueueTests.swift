import Testing

@testable import Streaming

@Suite struct RenderQueueTests {
    private let now = ContinuousClock.now

    private func lead(_ verdict: RenderQueue<String>.Verdict) -> Bool {
        if case .lead = verdict { true } else { false }
    }

    @Test func oneAskerLeadsAndTheOthersJoin() {
        var queue = RenderQueue<String>(slots: 1, capacity: 4)
        guard case .lead(let ticket) = queue.request("a", deadline: now) else {
            Issue.record("the first asker does not lead")
            return
        }
        let second = queue.request("a", deadline: now)
        #expect(second == .join(ticket))
    }

    @Test func earliestDeadlineIsRenderedFirst() {
        var queue = RenderQueue<String>(slots: 1, capacity: 8)
        _ = queue.request("ahead", deadline: now + .seconds(5))
        _ = queue.request("first", deadline: now)
        _ = queue.request("second", deadline: now)
        let order = [queue.startNext(), queue.startNext()]
        #expect(order == ["first", nil])
        queue.finish("first")
        let second = queue.startNext()
        #expect(second == "second")
        queue.finish("second")
        let ahead = queue.startNext()
        #expect(ahead == "ahead")
    }

    @Test func aListenerMovesAReadAheadChunkForward() {
        var queue = RenderQueue<String>(slots: 1, capacity: 8)
        _ = queue.request("far", deadline: now + .seconds(2))
        _ = queue.request("farther", deadline: now + .seconds(5))
        _ = queue.request("farther", deadline: now)
        let next = queue.startNext()
        #expect(next == "farther")
    }

    @Test func aQueuedChunkIsDroppedWithItsLastWaiter() {
        var queue = RenderQueue<String>(slots: 1, capacity: 8)
        guard case .lead(let ticket) = queue.request("a", deadline: now) else { return }
        _ = queue.request("a", deadline: now)
        let first = queue.leave("a", ticket: ticket)
        let last = queue.leave("a", ticket: ticket)
        #expect(!first)
        #expect(last)
        let next = queue.startNext()
        #expect(next == nil)
    }

    @Test func aStartedChunkOutlivesItsWaiters() {
        var queue = RenderQueue<String>(slots: 1, capacity: 8)
        guard case .lead(let ticket) = queue.request("a", deadline: now) else { return }
        _ = queue.startNext()
        let dropped = queue.leave("a", ticket: ticket)
        #expect(!dropped)
        let again = queue.request("a", deadline: now)
        #expect(again == .join(ticket))
    }

    @Test func aLateLeaverDoesNotDropTheNextFlightOfTheSameChunk() {
        var queue = RenderQueue<String>(slots: 1, capacity: 8)
        guard case .lead(let old) = queue.request("a", deadline: now) else { return }
        _ = queue.startNext()
        queue.finish("a")
        guard case .lead(let new) = queue.request("a", deadline: now) else { return }
        #expect(old != new)
        let dropped = queue.leave("a", ticket: old)
        #expect(!dropped)
        let next = queue.startNext()
        #expect(next == "a")
    }

    @Test func aFullQueueIsBusyForNewChunksOnly() {
        var queue = RenderQueue<String>(slots: 1, capacity: 2)
        _ = queue.request("running", deadline: now)
        _ = queue.startNext()
        let (b, c) = (queue.request("b", deadline: now), queue.request("c", deadline: now))
        #expect(lead(b) && lead(c))
        let d = queue.request("d", deadline: now)
        #expect(d == .busy)
        guard case .join = queue.request("b", deadline: now) else {
            Issue.record("a queued chunk is joined even when the queue is full")
            return
        }
    }

    @Test func slotsBoundWhatRunsAtOnce() {
        var queue = RenderQueue<Int>(slots: 3, capacity: 100)
        for key in 0..<10 { _ = queue.request(key, deadline: now) }
        var running: Set<Int> = []
        var finished = 0
        while let key = queue.startNext() { running.insert(key) }
        #expect(running.count == 3)
        while let key = running.popFirst() {
            queue.finish(key)
            finished += 1
            while let next = queue.startNext() { running.insert(next) }
            #expect(running.count <= 3)
        }
        #expect(finished == 10)
    }
}
