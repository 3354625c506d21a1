/// Decides which chunk is rendered next: a pure state machine whose verdicts ``ChunkStore`` carries out.
///
/// Earliest playback deadline first, first come first served among equals. A queued chunk whose last waiter left is dropped; a
/// started one runs to its end.
struct RenderQueue<Key: Hashable>: ~Copyable {
    enum Verdict: Equatable {
        /// Nobody is rendering this chunk: it is queued under this ticket, and needs a flight.
        case lead(Ticket)
        /// The chunk is queued or being rendered already.
        case join(Ticket)
        /// The queue is full.
        case busy
    }

    /// Tells a chunk's flight from an earlier or later flight of the same chunk; in order of arrival.
    typealias Ticket = Int

    private struct Entry {
        var deadline: ContinuousClock.Instant
        let ticket: Ticket
        var waiters: Int
        var isRunning: Bool
    }

    /// Renders that may run at once.
    let slots: Int
    /// Chunks that may wait for a slot.
    let capacity: Int
    private var entries: [Key: Entry] = [:]
    private var running = 0
    private var lastTicket: Ticket = 0

    init(slots: Int, capacity: Int) {
        self.slots = max(1, slots)
        self.capacity = max(1, capacity)
    }

    var waiting: Int { entries.count - running }

    /// One more waiter for `key`, who plays it at `deadline`. An earlier deadline moves a queued chunk forward.
    mutating func request(_ key: Key, deadline: ContinuousClock.Instant) -> Verdict {
        if var entry = entries[key] {
            entry.waiters += 1
            entry.deadline = min(entry.deadline, deadline)
            entries[key] = entry
            return .join(entry.ticket)
        }
        // A free slot takes the chunk at once, so only those beyond the slots count as waiting.
        guard running < slots || waiting < capacity else { return .busy }
        lastTicket += 1
        entries[key] = Entry(deadline: deadline, ticket: lastTicket, waiters: 1, isRunning: false)
        return .lead(lastTicket)
    }

    /// One waiter less. True where the chunk was still queued and nobody waits for it any more: it is dropped.
    ///
    /// A ticket whose flight is over changes nothing, even if the chunk has since been asked for again.
    mutating func leave(_ key: Key, ticket: Ticket) -> Bool {
        guard var entry = entries[key], entry.ticket == ticket else { return false }
        entry.waiters -= 1
        if entry.waiters == 0, !entry.isRunning {
            entries[key] = nil
            return true
        }
        entries[key] = entry
        return false
    }

    /// The next chunk to render, or nil while every slot is taken or nothing waits.
    mutating func startNext() -> Key? {
        guard running < slots else { return nil }
        var next: (key: Key, entry: Entry)?
        for (key, entry) in entries where !entry.isRunning {
            if let best = next?.entry, (best.deadline, best.ticket) <= (entry.deadline, entry.ticket) { continue }
            next = (key, entry)
        }
        guard var chosen = next else { return nil }
        chosen.entry.isRunning = true
        entries[chosen.key] = chosen.entry
        running += 1
        return chosen.key
    }

    /// The render of `key` is over, well or not.
    mutating func finish(_ key: Key) {
        guard let entry = entries.removeValue(forKey: key), entry.isRunning else { return }
        running -= 1
    }
}
