import Audio
import Testing

@testable import CodecProcess

@Suite("A pool's decisions")
struct PoolStateTests {
    typealias Action = PoolState.Action
    static let fingerprint = RenderFingerprint(value: 1, libraries: "a")
    static let other = RenderFingerprint(value: 2, libraries: "a")

    /// A pool whose workers, one more than `capacity`, are all ready and idle.
    static func warm(_ capacity: Int) -> PoolState {
        var state = PoolState(capacity: capacity)
        _ = state.start()
        for worker in 0...capacity { _ = state.ready(worker, fingerprint) }
        return state
    }

    @Test("One process more than may render is started, all at once", arguments: [1, 2, 8])
    func starts(capacity: Int) {
        var state = PoolState(capacity: capacity)
        #expect(state.start() == (0...capacity).map { Action.start(worker: $0, after: .zero) })
        #expect(state.start() == [])
    }

    @Test("Without a standby no more than may render are started, and one that dies has a successor")
    func noStandby() {
        var state = PoolState(capacity: 2, hasStandby: false)
        #expect(state.start() == [.start(worker: 0, after: .zero), .start(worker: 1, after: .zero)])
        #expect(state.ready(0, Self.fingerprint) == [.announce(Self.fingerprint)])
        #expect(state.gone(0, sentence: "") == [.start(worker: 2, after: .zero)])
    }

    @Test("The first ready worker announces the fingerprint and takes the waiting job")
    func firstReady() {
        var state = PoolState(capacity: 1)
        _ = state.start()
        #expect(state.submit(1) == [])
        #expect(state.ready(1, Self.fingerprint) == [.announce(Self.fingerprint), .assign(job: 1, worker: 1)])
        #expect(state.ready(0, Self.fingerprint) == [])
    }

    @Test("No more jobs run than the capacity, the rest wait in order, and the worker used last is used again")
    func order() {
        var state = Self.warm(2)
        #expect(state.submit(1) == [.assign(job: 1, worker: 2)])
        #expect(state.submit(2) == [.assign(job: 2, worker: 1)])
        #expect(state.submit(3) == [] && state.submit(4) == [])
        #expect(state.finished(1) == [.assign(job: 3, worker: 1)])
        #expect(state.finished(2) == [.assign(job: 4, worker: 2)])
        #expect(state.finished(2) == [])
        #expect(state.finished(1) == [])
    }

    @Test("A dead worker's job goes to the warm one before all that wait, and a new one is started")
    func retry() {
        var state = Self.warm(1)
        #expect(state.submit(1) == [.assign(job: 1, worker: 1)])
        #expect(state.submit(2) == [])
        state.ending(1)
        #expect(
            state.gone(1, sentence: "") == [
                .retry(job: 1), .assign(job: 1, worker: 0), .start(worker: 2, after: .zero)
            ])
        #expect(state.finished(0) == [.assign(job: 2, worker: 0)])
    }

    @Test("A job whose second worker dies fails, and the next one runs")
    func diesTwice() {
        var state = Self.warm(1)
        _ = state.submit(1)
        _ = state.submit(2)
        _ = state.gone(1, sentence: "")
        #expect(state.gone(0, sentence: "") == [.fail(job: 1, .died), .start(worker: 3, after: .zero)])
        #expect(state.ready(2, Self.fingerprint) == [.assign(job: 2, worker: 2)])
        // Two deaths at work are no crash loop.
        #expect(state.unavailability == nil)
    }

    @Test("A worker being ended gets no job, and a job taken from it for good is not retried")
    func ending() {
        var state = Self.warm(1)
        state.ending(1)
        #expect(state.submit(1) == [.assign(job: 1, worker: 0)])
        state.ending(0, retrying: false)
        #expect(state.gone(0, sentence: "") == [.start(worker: 2, after: .zero), .start(worker: 3, after: .zero)])
    }

    @Test("A worker with another fingerprint is killed and never used")
    func otherFingerprint() {
        var state = PoolState(capacity: 1)
        _ = state.start()
        _ = state.submit(1)
        _ = state.submit(2)
        _ = state.ready(0, Self.fingerprint)
        #expect(state.ready(1, Self.other) == [.kill(worker: 1, .fingerprint)])
        #expect(state.finished(0) == [.assign(job: 2, worker: 0), .start(worker: 2, after: .zero)])
        #expect(state.gone(1, sentence: "") == [])
        #expect(state.fingerprint == Self.fingerprint)
    }

    @Test("A program that does not start is reported after three deaths and tried ever more slowly, one process at a time")
    func crashLoop() {
        var state = PoolState(capacity: 1)
        _ = state.start()
        _ = state.submit(1)
        #expect(state.gone(0, sentence: "a") == [.start(worker: 2, after: .zero)])
        #expect(state.gone(1, sentence: "b") == [.start(worker: 3, after: .zero)])
        #expect(state.unavailability == nil)
        let reported = WorkerError.unavailable("c")
        #expect(state.gone(2, sentence: "c") == [.fail(job: 1, reported), .refuseFingerprint(reported)])
        #expect(state.submit(2) == [.fail(job: 2, reported)])
        var pauses: [Duration] = []
        for worker in 3..<14 {
            for case .start(_, let pause) in state.gone(worker, sentence: "d") { pauses.append(pause) }
        }
        #expect(pauses == [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000].map { .milliseconds($0) })
        // The one that starts at last is used, and a job done ends the pauses.
        #expect(state.ready(14, Self.fingerprint) == [.announce(Self.fingerprint), .start(worker: 15, after: .seconds(2))])
        #expect(state.submit(3) == [.assign(job: 3, worker: 14)])
        _ = state.gone(15, sentence: "e")
        #expect(state.finished(14) == [])
        #expect(state.gone(16, sentence: "f") == [.start(worker: 17, after: .zero)])
    }

    @Test("Six deaths at once cut nothing if workers were ready before: jobs wait while starts slow down, up to 2 s")
    func sixDeaths() {
        var state = Self.warm(2)
        #expect(state.submit(1) == [.assign(job: 1, worker: 2)])
        #expect(state.submit(2) == [.assign(job: 2, worker: 1)])
        #expect(state.submit(3) == [])
        // All three: job 1 is struck twice, as the idle worker was dead before it was known to be.
        #expect(
            state.gone(2, sentence: "a", wasKilled: true)
                == [.retry(job: 1), .assign(job: 1, worker: 0), .start(worker: 3, after: .zero)])
        #expect(state.gone(1, sentence: "a", wasKilled: true) == [.retry(job: 2), .start(worker: 4, after: .zero)])
        #expect(state.gone(3, sentence: "b", wasKilled: true) == [.start(worker: 5, after: .zero)])
        #expect(state.gone(4, sentence: "b", wasKilled: true) == [.start(worker: 6, after: .zero)])
        #expect(state.gone(0, sentence: "c", wasKilled: true) == [.retry(job: 1), .start(worker: 7, after: .zero)])
        var pauses: [Duration] = []
        var worker = 5
        // Every worker that is started dies before it is ready: nothing that waits is failed, and a new job waits too.
        while pauses.count < 12 {
            for action in state.gone(worker, sentence: "d") {
                guard case .start(_, let pause) = action else {
                    Issue.record("\(action)")
                    continue
                }
                if pause > .zero { pauses.append(pause) }
            }
            worker += 1
        }
        #expect(pauses.prefix(2) == [.seconds(1), .seconds(2)] && pauses.max() == .seconds(2))
        #expect(state.submit(4) == [])
        #expect(state.unavailability == nil)
        #expect(state.ready(worker, Self.fingerprint).first == .assign(job: 1, worker: worker))
        #expect(state.finished(worker).contains(.assign(job: 2, worker: worker)))
        #expect(state.finished(worker).contains(.assign(job: 3, worker: worker)))
    }

    @Test("A job whose workers are killed from outside, as one that eats all memory is, fails at the eighth")
    func killedEightTimes() {
        var state = PoolState(capacity: 1, hasStandby: false)
        _ = state.start()
        _ = state.submit(1)
        for worker in 0..<8 {
            #expect(state.ready(worker, Self.fingerprint).contains(.assign(job: 1, worker: worker)))
            let last: Action = worker < 7 ? .retry(job: 1) : .fail(job: 1, .died)
            #expect(state.gone(worker, sentence: "", wasKilled: true).first == last)
        }
    }

    @Test("A program that has been ready before is given up after about a minute without a worker, and taken back")
    func givenUp() {
        var state = Self.warm(1)
        _ = state.submit(1)
        var dead = [1, 0]
        var waited = Duration.zero
        var failed: [Action] = []
        while failed.isEmpty, let worker = dead.popLast() {
            for action in state.gone(worker, sentence: "e") {
                switch action {
                case .start(let next, let pause):
                    dead.insert(next, at: 0)
                    waited += pause
                case .fail: failed.append(action)
                default: break
                }
            }
        }
        #expect(failed == [.fail(job: 1, .unavailable("e"))])
        #expect(waited > .seconds(55) && waited < .seconds(70))
        #expect(state.submit(2) == [.fail(job: 2, .unavailable("e"))])
        guard let next = dead.last else { return }
        _ = state.ready(next, Self.fingerprint)
        #expect(state.submit(3) == [.assign(job: 3, worker: next)])
    }

    @Test("Stopping fails every job once, kills every worker, and starts nothing more")
    func stop() {
        var state = Self.warm(1)
        for job in 1...3 as ClosedRange<UInt64> { _ = state.submit(job) }
        _ = state.gone(0, sentence: "")
        #expect(
            state.stop() == [
                .refuseFingerprint(.stopped), .fail(job: 2, .stopped), .fail(job: 3, .stopped), .fail(job: 1, .stopped),
                .kill(worker: 1, .stopped), .kill(worker: 2, .stopped)
            ])
        #expect(state.gone(1, sentence: "") == [])
        #expect(state.submit(4) == [.fail(job: 4, .stopped)])
        #expect(state.stop() == [] && state.start() == [])
    }

    @Test("After any events every job is answered once, none runs twice at a time, and the number of processes is right")
    func invariants() {
        var random = UInt64(7)
        func next(_ bound: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % bound
        }
        var state = PoolState(capacity: 3)
        var starting: Set<Int> = []
        var idle: Set<Int> = []
        var running: [Int: UInt64] = [:]
        var answered: Set<UInt64> = []
        var submitted: UInt64 = 0
        func carryOut(_ actions: [Action]) {
            for action in actions {
                switch action {
                case .start(let worker, _): #expect(starting.insert(worker).inserted)
                case .assign(let job, let worker):
                    #expect(!answered.contains(job) && !running.values.contains(job))
                    #expect(idle.remove(worker) != nil)
                    running[worker] = job
                case .fail(let job, _): #expect(answered.insert(job).inserted)
                case .retry, .announce, .refuseFingerprint: break
                case .kill: Issue.record("nothing is killed here")
                }
            }
            #expect(running.count <= 3 && starting.count + idle.count + running.count <= 4)
        }
        carryOut(state.start())
        for _ in 0..<20_000 {
            switch next(10) {
            case 0...3:
                submitted += 1
                carryOut(state.submit(submitted))
            case 4...5:
                guard let worker = starting.min() else { continue }
                starting.remove(worker)
                idle.insert(worker)
                carryOut(state.ready(worker, Self.fingerprint))
            case 6...8:
                guard let (worker, job) = running.min(by: { $0.key < $1.key }) else { continue }
                running[worker] = nil
                idle.insert(worker)
                #expect(answered.insert(job).inserted)
                carryOut(state.finished(worker))
            default:
                let everyone = (Array(starting) + Array(idle) + Array(running.keys)).sorted()
                guard !everyone.isEmpty else { continue }
                let worker = everyone[next(everyone.count)]
                starting.remove(worker)
                idle.remove(worker)
                running[worker] = nil
                state.ending(worker)
                carryOut(state.gone(worker, sentence: "x"))
            }
        }
        for action in state.stop() {
            if case .fail(let job, .stopped) = action { #expect(answered.insert(job).inserted) }
        }
        #expect(answered.count == Int(submitted))
    }
}
