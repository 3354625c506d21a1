import Audio

/// Every decision of a ``WorkerPool``: which worker gets which job, what follows from a death, when a new worker is started.
///
/// Pure: each method takes an event and returns the actions to carry out, in order. One worker more than may render at once is
/// kept alive, so that a job whose worker died finds a warm one.
struct PoolState {
    enum Action: Equatable {
        case start(worker: Int, after: Duration)
        case kill(worker: Int, DeathCause)
        case assign(job: UInt64, worker: Int)
        /// The job's worker died; it is assigned again by a later action.
        case retry(job: UInt64)
        case fail(job: UInt64, WorkerError)
        /// Gives the fingerprint to all callers that wait for it.
        case announce(RenderFingerprint)
        case refuseFingerprint(WorkerError)
    }

    private enum Phase: Equatable {
        case starting
        case idle
        case busy(UInt64)
        /// Killed or closed, not yet reaped; holds the job it leaves behind.
        case ending(UInt64?)
    }

    /// Deaths in a row, outside of any job, from which on workers are started one at a time and ever more slowly.
    static let failuresUntilBackOff = 3
    /// Deaths in a row, outside of any job, after which a program that has been ready before is given up: about a minute of
    /// failed starts. Until then jobs wait.
    static let failuresUntilGivenUp = 36
    /// Crashes or deadlines that end a job.
    private static let deathsUntilFailed = 2
    /// Kills from outside that end a job: a job that takes all the machine's memory looks like that too.
    private static let killsUntilFailed = 8

    private let capacity: Int
    /// Workers kept alive.
    private let wanted: Int
    private var phases: [Int: Phase] = [:]
    /// Idle workers; the one used last is at the end and is used first, as its memory is warm.
    private var idle: [Int] = []
    private var queue: [UInt64] = []
    private var deaths: [UInt64: (own: Int, kills: Int)] = [:]
    private var nextWorker = 0
    /// Deaths of workers without a job since a job was last finished; a broken program makes them.
    private var failures = 0
    private var failure = "no worker has been ready yet"
    private(set) var fingerprint: RenderFingerprint?
    private(set) var isStopped = false

    /// - Parameters:
    ///   - capacity: jobs that may run at once, at least 1.
    ///   - hasStandby: whether one worker more than that is kept alive.
    init(capacity: Int, hasStandby: Bool = true) {
        self.capacity = max(1, capacity)
        wanted = self.capacity + (hasStandby ? 1 : 0)
    }

    /// Why no job can be done now nor soon; nil while there is a worker or one may still come.
    ///
    /// A program that has never been ready is broken after a few deaths. A program that has been ready is killed from outside: by
    /// an operator, or because memory ran out. That passes, and must not cut the streams under way.
    var unavailability: WorkerError? {
        if isStopped { return .stopped }
        let isAlive = phases.values.contains { phase in
            switch phase {
            case .idle, .busy: true
            case .starting, .ending: false
            }
        }
        let enough = fingerprint == nil ? Self.failuresUntilBackOff : Self.failuresUntilGivenUp
        return failures >= enough && !isAlive ? .unavailable(failure) : nil
    }

    mutating func start() -> [Action] {
        isStopped ? [] : refill()
    }

    mutating func submit(_ job: UInt64) -> [Action] {
        if let error = unavailability { return [.fail(job: job, error)] }
        queue.append(job)
        return dispatch()
    }

    mutating func ready(_ worker: Int, _ theirs: RenderFingerprint) -> [Action] {
        guard phases[worker] == .starting else { return [] }
        guard theirs == fingerprint ?? theirs else {
            phases[worker] = .ending(nil)
            return [.kill(worker: worker, .fingerprint)]
        }
        let isFirst = fingerprint == nil
        fingerprint = theirs
        phases[worker] = .idle
        idle.append(worker)
        return (isFirst ? [.announce(theirs)] : []) + dispatch() + refill()
    }

    /// The worker has answered its job with a chunk or with a reason.
    mutating func finished(_ worker: Int) -> [Action] {
        guard case .busy(let job) = phases[worker] else { return [] }
        deaths[job] = nil
        failures = 0
        phases[worker] = .idle
        idle.append(worker)
        return dispatch() + refill()
    }

    /// The worker is being killed, or has closed its pipe: it gets no more jobs. Its current job is tried again if `retrying`.
    mutating func ending(_ worker: Int, retrying: Bool = true) {
        guard let phase = phases[worker] else { return }
        idle.removeAll { $0 == worker }
        switch phase {
        case .busy(let job):
            phases[worker] = .ending(retrying ? job : nil)
            if !retrying { deaths[job] = nil }
        case .starting, .idle: phases[worker] = .ending(nil)
        case .ending: break
        }
    }

    /// The worker is dead and reaped, or could not be started; `sentence` says why, for people.
    ///
    /// If it `wasKilled` from outside (by an operator, or by the kernel because memory ran out), its job is hardly the cause: a
    /// kill of all workers also meets workers that have just been given the jobs of others whose death is not known yet.
    mutating func gone(_ worker: Int, sentence: String, wasKilled: Bool = false) -> [Action] {
        ending(worker)
        guard case .ending(let job) = phases.removeValue(forKey: worker), !isStopped else { return [] }
        var actions: [Action] = []
        if let job {
            var count = deaths[job, default: (0, 0)]
            if wasKilled { count.kills += 1 } else { count.own += 1 }
            if count.own < Self.deathsUntilFailed, count.kills < Self.killsUntilFailed {
                deaths[job] = count
                queue.insert(job, at: 0)
                actions.append(.retry(job: job))
            } else {
                deaths[job] = nil
                actions.append(.fail(job: job, .died))
            }
        } else {
            failures += 1
            failure = sentence
        }
        actions += dispatch() + refill()
        if let error = unavailability {
            actions += queue.map { .fail(job: $0, error) } + [.refuseFingerprint(error)]
            queue = []
            deaths = [:]
        }
        return actions
    }

    mutating func stop() -> [Action] {
        guard !isStopped else { return [] }
        isStopped = true
        var actions: [Action] = [.refuseFingerprint(.stopped)] + queue.map { .fail(job: $0, .stopped) }
        for (worker, phase) in phases.sorted(by: { $0.key < $1.key }) {
            if case .busy(let job) = phase { actions.append(.fail(job: job, .stopped)) }
            if case .ending(let job?) = phase { actions.append(.fail(job: job, .stopped)) }
            actions.append(.kill(worker: worker, .stopped))
        }
        (queue, idle, deaths) = ([], [], [:])
        phases = phases.mapValues { _ in .ending(nil) }
        return actions
    }

    private mutating func dispatch() -> [Action] {
        var actions: [Action] = []
        var running = phases.values.count { if case .busy = $0 { true } else { false } }
        while running < capacity, let job = queue.first, let worker = idle.popLast() {
            queue.removeFirst()
            phases[worker] = .busy(job)
            running += 1
            actions.append(.assign(job: job, worker: worker))
        }
        return actions
    }

    /// Starts the missing workers: all at once, or after a crash loop one by one with a pause that doubles up to 30 s; up to 2 s
    /// if the program has been ready before, because listeners wait for it.
    private mutating func refill() -> [Action] {
        var starting = 0
        var alive = 0
        for phase in phases.values {
            switch phase {
            case .starting: starting += 1
            case .idle, .busy: alive += 1
            case .ending: break
            }
        }
        let excess = failures - Self.failuresUntilBackOff
        let missing = wanted - alive - starting
        let count = excess < 0 ? missing : min(missing, 1 - starting)
        let longest: Duration = fingerprint == nil ? .seconds(30) : .seconds(2)
        let pause: Duration = excess < 0 ? .zero : min(.milliseconds(250) * (1 << min(excess, 8)), longest)
        return (0..<max(0, count)).map { _ in
            defer { nextWorker += 1 }
            phases[nextWorker] = .starting
            return .start(worker: nextWorker, after: pause)
        }
    }
}
