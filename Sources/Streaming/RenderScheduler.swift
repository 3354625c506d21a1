/// Decides which chunk is rendered next and which listeners are admitted: a pure state machine whose verdicts ``ChunkStore``
/// carries out.
///
/// Chunks that a listener waits for go before read-ahead, read-ahead before warming; inside a class the earliest playback
/// deadline is first, and equal ones are served in order of arrival. A listener who is just starting yields to chunks that others
/// will play at once. Once a listener's chunk is late, accounts with the least recent render time go first among chunks that are
/// late or nearly late. A queued chunk whose last waiter left is dropped; a started one runs to its end.
struct RenderScheduler<Key: Hashable & Sendable>: ~Copyable, Sendable {
    enum Verdict: Equatable {
        /// The chunk is new: it is queued, and needs a flight.
        case lead(Ticket)
        /// The chunk is already being made.
        case join(Ticket)
        /// The chunk is refused: a new listener comes back later, a reader continues without read-ahead.
        case busy
    }

    /// One request's claim on a chunk; in order of arrival.
    typealias Ticket = Int

    private enum Phase: Sendable {
        /// Being loaded from disk; needs no worker.
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
        /// All claims while the chunk is not running; a running chunk is not dropped, so it needs none.
        var claims: [Ticket: Demand]

        var isQueued: Bool { if case .queued = phase { true } else { false } }
        var isListening: Bool { demand.urgency == .listening }

        /// When the chunk is needed, for the order.
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

    /// Chunks due this soon go before those of starting listeners, and take part when accounts with less render time go first, so
    /// that an account need not be late to get a share.
    private static var horizon: Duration { .milliseconds(250) }

    /// How long a starting listener may wait before the wait is as bad as a gap.
    private static var patience: Duration { .seconds(2) }

    /// The share of the workers' time that listeners may need while the machine counts as quiet.
    private static var quietShare: Double { 0.5 }

    /// Chunks one player may wait for in a full queue; more requests come from several players behind one credential, or from no
    /// player.
    private static var placesOfOne: Int { 4 }

    /// Renders at full speed.
    let workers: Int
    /// Renders that may run at once.
    let slots: Int
    /// Renders without a waiting listener that may run at once.
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
    /// Worker seconds that one render would have received by now, had it run since the start.
    private var workTime = 0.0
    private var workTimeAt: ContinuousClock.Instant?

    /// - Parameters:
    ///   - workers: renders at full speed; one slot more keeps the next chunk's packets ready, and is only for listeners.
    ///   - capacity: listeners' chunks that may wait before new listeners are refused, and chunks in all before read-ahead
    ///     is refused.
    ///   - slotsAhead: renders without a waiting listener that may run at once; nil keeps a worker free for listeners.
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

    /// Whether work that can wait for hours should wait: a listener waits for a worker, or the listeners need more than
    /// ``quietShare`` of the workers.
    mutating func isPressed(now: ContinuousClock.Instant) -> Bool {
        queuedListening > 0 || load.isAbove(Self.quietShare, now: now)
    }

    /// Adds a claim on `key`.
    ///
    /// - Parameter isHeld: whether the chunk is being loaded, and needs no worker unless ``release(_:now:)`` is called.
    ///   Ignored if the chunk is already being made.
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

    /// A listener's chunk was in memory and needs no render.
    mutating func found(_ demand: Demand, count: Int = 1, now: ContinuousClock.Instant) {
        guard demand.urgency == .listening, let playback = demand.playback else { return }
        load.found(playback, count: count, played: demand.deadline + demand.duration * count, now: now)
    }

    /// Removes a claim. Returns true if the chunk was still queued and has no claim left: it is dropped.
    ///
    /// A ticket whose flight is over changes nothing, even if the chunk has been requested again since.
    mutating func leave(_ key: Key, ticket: Ticket) -> Bool {
        guard var entry = entries[key], entry.claims.removeValue(forKey: ticket) != nil else { return false }
        if entry.ticket == ticket {
            guard let next = entry.claims.min(by: { $0.value.precedes($1.value) }) else {
                // A load continues: the cache wants its bytes even if no claim is left.
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

    /// The held chunk could not be loaded: it is queued for its remaining claims. Returns false if there are none: it is over.
    mutating func release(_ key: Key) -> Bool {
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

    /// The render or the load of `key` is over, successful or not.
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
        // A free slot takes the chunk at once, so only chunks beyond the slots count as waiting.
        let hasPlace = running < slots || queuedListening < capacity
        if demand.standing == .new { return hasPlace && load.hasRoom(for: playback.listener.account, now: now) }
        return hasPlace || entries.values.count { $0.isQueued && $0.demand.playback == playback } < Self.placesOfOne
    }

    private func nextListening(now: ContinuousClock.Instant) -> Key? {
        let first = earliest(now: now) { $0.isListening }
        guard let first, first.entry.due(now) < now else { return first?.key }
        // Each account's earliest chunk is enough to choose among accounts.
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

    /// Adds to ``workTime``. If more renders run than there are workers, they share the workers.
    private mutating func advance(now: ContinuousClock.Instant) {
        if let last = workTimeAt, now > last, running > 0 {
            workTime += (now - last) / .seconds(1) * min(1, Double(workers) / Double(running))
        }
        workTimeAt = max(workTimeAt ?? now, now)
    }
}
