/// Decides which chunk is rendered next and who is let in: a pure state machine whose verdicts ``ChunkStore`` carries out.
///
/// A chunk somebody waits for goes before read-ahead, read-ahead before warming; inside a class the earliest playback deadline is
/// first, and first come first served among equals. Who only starts to listen lets go first what others will play at once. Once
/// a listener's chunk is late, accounts that had less come first among what is late or nearly so. A queued chunk whose last waiter
/// left is dropped; a started one runs to its end.
struct RenderScheduler<Key: Hashable & Sendable>: ~Copyable, Sendable {
    enum Verdict: Equatable {
        /// Nobody is making this chunk: it is queued, and needs a flight.
        case lead(Ticket)
        /// The chunk is on its way already.
        case join(Ticket)
        /// The chunk is not taken: a new listener comes back later, a reader goes on without.
        case busy
    }

    /// One asker's claim on a chunk; in order of arrival.
    typealias Ticket = Int

    private enum Phase: Sendable {
        /// Not for the workers: it is being loaded.
        case held
        case queued
        /// `since` is ``workTime`` at the start.
        case running(since: Double)
    }

    private struct Entry: Sendable {
        var phase: Phase
        /// The most urgent claim, and when it was made.
        var demand: Demand
        var ticket: Ticket
        /// All claims while the chunk is not running; nobody can leave a running one.
        var claims: [Ticket: Demand]

        var isQueued: Bool { if case .queued = phase { true } else { false } }
        var isListening: Bool { demand.urgency == .listening }

        /// When the chunk is needed, as far as the order goes.
        func due(_ now: ContinuousClock.Instant) -> ContinuousClock.Instant {
            guard demand.isStart else { return demand.deadline }
            return max(demand.deadline, min(now + RenderScheduler.horizon, demand.deadline + RenderScheduler.patience))
        }

        mutating func take(_ demand: Demand, _ ticket: Ticket) {
            var isAlone = false
            if case .running = phase {
            } else {
                isAlone = claims.isEmpty
                claims[ticket] = demand
            }
            if isAlone || demand.precedes(self.demand) { (self.demand, self.ticket) = (demand, ticket) }
        }
    }

    /// What is due this soon goes before those who only start to listen, and takes part when accounts that had less go first:
    /// nobody has to be late to get a share.
    private static var horizon: Duration { .milliseconds(250) }

    /// Who starts to listen waits as long before the wait is as bad as a gap.
    private static var patience: Duration { .seconds(2) }

    /// Of the workers' time, what those who listen may need while the machine counts as quiet.
    private static var quietShare: Double { 0.5 }

    /// Chunks one player may wait for in a full queue: more are no player's, or those of several behind one credential.
    private static var placesOfOne: Int { 4 }

    /// Renders at full speed.
    let workers: Int
    /// Renders that may run at once.
    let slots: Int
    /// Renders that nobody waits for that may run at once.
    let slotsAhead: Int
    /// Chunks that may wait for a slot.
    let capacity: Int
    private(set) var share = FairShare()
    private(set) var load: ListeningLoad
    private var entries: [Key: Entry] = [:]
    private var running = 0
    private var runningAhead = 0
    private var queued = 0
    private var queuedListening = 0
    private var lastTicket: Ticket = 0
    /// Seconds a render would have had a worker to itself since the start, had it run all the time.
    private var workTime = 0.0
    private var workTimeAt: ContinuousClock.Instant?

    /// - Parameters:
    ///   - workers: renders at full speed; one slot more keeps the next chunk's packets at hand, and is only for listeners.
    ///   - capacity: chunks of listeners that may wait before new ones are told to come back, and chunks in all before no more
    ///     are rendered ahead.
    ///   - slotsAhead: renders that nobody waits for that may run at once; nil leaves a worker free for who comes.
    ///   - isShared: whether there can be listeners of more than one account.
    init(workers: Int, capacity: Int, slotsAhead: Int? = nil, isShared: Bool = true) {
        let workers = max(1, workers)
        self.workers = workers
        slots = workers + 1
        self.slotsAhead = max(1, slotsAhead ?? workers - 1)
        self.capacity = max(1, capacity)
        load = ListeningLoad(workers: workers, isShared: isShared)
    }

    var waiting: Int { queued }

    /// Whether what can wait for hours should: a listener waits for a worker, or those who listen need more than ``quietShare`` of them.
    mutating func isPressed(now: ContinuousClock.Instant) -> Bool {
        queuedListening > 0 || load.isAbove(Self.quietShare, now: now)
    }

    /// One more claim on `key`.
    ///
    /// - Parameter isHeld: The chunk is being loaded and needs no worker unless ``release(_:)`` says so. Not for a chunk that is
    ///   on its way already.
    mutating func request(_ key: Key, _ demand: Demand, isHeld: Bool = false, now: ContinuousClock.Instant) -> Verdict {
        if demand.isOnly, let playback = demand.playback { load.turned(to: playback) }
        if entries[key] != nil {
            lastTicket += 1
            found(demand, now: now)
            change(key) { [lastTicket] in $0.take(demand, lastTicket) }
            return .join(lastTicket)
        }
        if isHeld {
            found(demand, now: now)
        } else {
            guard takes(demand, now: now) else { return .busy }
            if let playback = demand.playback, demand.urgency != .warming {
                load.asked(
                    playback, ahead: demand.urgency == .readAhead, played: demand.deadline + demand.duration, now: now)
            }
        }
        lastTicket += 1
        let entry = Entry(
            phase: isHeld ? .held : .queued, demand: demand, ticket: lastTicket, claims: [lastTicket: demand])
        insert(entry, key)
        return .lead(lastTicket)
    }

    /// A listener's chunk needed nobody: it was in memory.
    mutating func found(_ demand: Demand, count: Int = 1, now: ContinuousClock.Instant) {
        guard demand.urgency == .listening, let playback = demand.playback else { return }
        load.found(playback, count: count, played: demand.deadline + demand.duration * count, now: now)
    }

    /// One claim less. True where the chunk was still queued and nobody wants it any more: it is dropped.
    ///
    /// A ticket whose flight is over changes nothing, even if the chunk has since been asked for again.
    mutating func leave(_ key: Key, ticket: Ticket) -> Bool {
        guard var entry = entries[key], entry.claims.removeValue(forKey: ticket) != nil else { return false }
        if entry.ticket == ticket {
            guard let next = entry.claims.min(by: { $0.value.precedes($1.value) }) else {
                // A load goes on: its bytes are wanted by the cache, and its claims by nobody.
                guard entry.isQueued else {
                    entries[key]?.claims = [:]
                    return false
                }
                remove(key)
                return true
            }
            (entry.ticket, entry.demand) = (next.key, next.value)
        }
        change(key) { $0 = entry }
        return false
    }

    /// The chunk that was held could not be loaded: it is queued for those who still want it. False where nobody does: it is over.
    mutating func release(_ key: Key, now: ContinuousClock.Instant) -> Bool {
        guard let entry = entries[key], case .held = entry.phase else { return false }
        guard !entry.claims.isEmpty else {
            remove(key)
            return false
        }
        change(key) { $0.phase = .queued }
        return true
    }

    /// The next chunk to render, or nil while nothing may start.
    mutating func startNext(now: ContinuousClock.Instant) -> Key? {
        guard running < slots, let key = queuedListening > 0 ? nextListening(now: now) : nextAhead(now: now) else { return nil }
        advance(now: now)
        change(key) { [workTime] entry in
            entry.phase = .running(since: workTime)
            entry.claims = [:]
        }
        return key
    }

    /// The render or the load of `key` is over, well or not.
    mutating func finish(_ key: Key, now: ContinuousClock.Instant) {
        advance(now: now)
        guard let entry = remove(key), case .running(let since) = entry.phase else { return }
        let seconds = workTime - since
        guard let playback = entry.demand.playback else { return }
        share.charge(playback.listener.account, seconds, now: now)
        load.rendered(for: playback, rate: seconds / max(0.001, entry.demand.duration / .seconds(1)))
    }

    private mutating func takes(_ demand: Demand, now: ContinuousClock.Instant) -> Bool {
        guard demand.urgency == .listening else { return queued < capacity }
        guard demand.standing != .underWay, let playback = demand.playback else { return true }
        // A free slot takes the chunk at once, so only those beyond the slots count as waiting.
        let hasPlace = running < slots || queuedListening < capacity
        if demand.standing == .new { return hasPlace && load.hasRoom(for: playback.listener.account, now: now) }
        return hasPlace || entries.values.count { $0.isQueued && $0.demand.playback == playback } < Self.placesOfOne
    }

    private func nextListening(now: ContinuousClock.Instant) -> Key? {
        let first = earliest(now: now) { $0.isListening }
        guard let first, first.entry.due(now) < now else { return first?.key }
        // Each account's earliest is enough to choose among accounts.
        var best: [String: (key: Key, entry: Entry)] = [:]
        for (key, entry) in entries where entry.isQueued && entry.isListening && entry.due(now) <= now + Self.horizon {
            let account = entry.demand.playback?.listener.account ?? ""
            if let known = best[account], !Self.isBefore(entry, known.entry, now: now) { continue }
            best[account] = (key, entry)
        }
        return best.min { left, right in
            let (mine, theirs) = (share.seconds(of: left.key, now: now), share.seconds(of: right.key, now: now))
            return mine == theirs ? Self.isBefore(left.value.entry, right.value.entry, now: now) : mine < theirs
        }?.value.key
    }

    private func nextAhead(now: ContinuousClock.Instant) -> Key? {
        guard queued > 0, running < max(workers, slotsAhead), runningAhead < slotsAhead else { return nil }
        return earliest(now: now) { _ in true }?.key
    }

    private func earliest(
        now: ContinuousClock.Instant, _ isCandidate: (Entry) -> Bool
    ) -> (key: Key, entry: Entry)? {
        var first: (key: Key, entry: Entry)?
        for (key, entry) in entries where entry.isQueued && isCandidate(entry) {
            if let known = first?.entry, !Self.isBefore(entry, known, now: now) { continue }
            first = (key, entry)
        }
        return first
    }

    private static func isBefore(_ left: Entry, _ right: Entry, now: ContinuousClock.Instant) -> Bool {
        (left.demand.urgency, left.due(now), left.ticket) < (right.demand.urgency, right.due(now), right.ticket)
    }
}

extension RenderScheduler {
    private mutating func insert(_ entry: Entry, _ key: Key) {
        entries[key] = entry
        count(entry, by: 1)
    }

    @discardableResult
    private mutating func remove(_ key: Key) -> Entry? {
        guard let entry = entries.removeValue(forKey: key) else { return nil }
        count(entry, by: -1)
        return entry
    }

    private mutating func change(_ key: Key, _ body: (inout Entry) -> Void) {
        guard var entry = entries[key] else { return }
        count(entry, by: -1)
        body(&entry)
        insert(entry, key)
    }

    private mutating func count(_ entry: Entry, by step: Int) {
        switch entry.phase {
        case .held:
            break
        case .queued:
            queued += step
            if entry.isListening { queuedListening += step }
        case .running:
            running += step
            if !entry.isListening { runningAhead += step }
        }
    }

    /// Renders beyond the workers share them.
    private mutating func advance(now: ContinuousClock.Instant) {
        if let last = workTimeAt, now > last, running > 0 {
            workTime += (now - last) / .seconds(1) * min(1, Double(workers) / Double(running))
        }
        workTimeAt = max(workTimeAt ?? now, now)
    }
}
