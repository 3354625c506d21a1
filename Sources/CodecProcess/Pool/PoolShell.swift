import Audio
import CoreMetrics
internal import Glibc
import Logging
import NIOCore
import NIOPosix

/// Carries out the decisions of ``PoolState``: processes, pipes, timers and callers. Lives on one event loop.
final class PoolShell {
    /// A worker that is not ready after this long is given up. Loading the libraries takes 50 ms on an idle machine.
    private static let startDeadline = Duration.seconds(60)

    private let configuration: WorkerPool.Configuration
    private let loop: any EventLoop
    private let logger: Logger
    private let metrics: PoolMetrics
    private let processes: ProcessList

    private var state: PoolState
    private var workers: [Int: Worker] = [:]
    private var jobs: [UInt64: PendingJob] = [:]
    private var lastJob: UInt64 = 0
    private var fingerprintWaiters: [@Sendable (Result<RenderFingerprint, WorkerError>) -> Void] = []
    private var stopWaiters: [@Sendable () -> Void] = []

    init(
        configuration: WorkerPool.Configuration, loop: any EventLoop, logger: Logger, metrics: PoolMetrics, processes: ProcessList
    ) {
        self.configuration = configuration
        self.loop = loop
        self.logger = logger
        self.metrics = metrics
        self.processes = processes
        state = PoolState(capacity: configuration.workers, hasStandby: configuration.hasStandby)
    }

    func start() {
        perform(state.start())
    }

    func submit(_ job: sending PendingJob) {
        guard job.byteCount <= Message.Limit.job else {
            return job.complete(.failure(.failed("the chunk's packets are larger than a worker takes")))
        }
        lastJob += 1
        jobs[lastJob] = job
        perform(state.submit(lastJob))
    }

    func fingerprint(_ complete: @escaping @Sendable (Result<RenderFingerprint, WorkerError>) -> Void) {
        if let known = state.fingerprint, !state.isStopped { return complete(.success(known)) }
        if let error = state.unavailability { return complete(.failure(error)) }
        fingerprintWaiters.append(complete)
    }

    func stop(_ complete: @escaping @Sendable () -> Void) {
        stopWaiters.append(complete)
        perform(state.stop())
        finishStopping()
    }

    private func perform(_ actions: [PoolState.Action]) {
        for action in actions {
            switch action {
            case .start(let number, let pause): start(number, after: pause)
            case .kill(let number, let cause): workers[number].map { end($0, cause) }
            case .assign(let job, let number): assign(job, to: number)
            case .retry(let job):
                jobs[job]?.delivery.restart()
                metrics.retries.increment()
            case .fail(let job, let error): jobs.removeValue(forKey: job)?.complete(.failure(error))
            case .announce(let fingerprint): answerFingerprint(.success(fingerprint))
            case .refuseFingerprint(let error): answerFingerprint(.failure(error))
            }
        }
    }

    private func answerFingerprint(_ answer: Result<RenderFingerprint, WorkerError>) {
        let waiters = fingerprintWaiters
        fingerprintWaiters = []
        for complete in waiters { complete(answer) }
    }

    private func finishStopping() {
        guard state.isStopped, workers.isEmpty else { return }
        let waiters = stopWaiters
        stopWaiters = []
        for complete in waiters { complete() }
    }
}

// MARK: - Jobs

extension PoolShell {
    private func assign(_ number: UInt64, to workerNumber: Int) {
        guard let worker = workers[workerNumber], let channel = worker.channel, let job = jobs[number] else { return }
        worker.job = number
        worker.jobStart = .now()
        job.start = job.start ?? worker.jobStart
        setDeadline(of: worker, configuration.jobDeadline)
        if let child = worker.child {
            child.allow(cpu: worker.cpu + configuration.jobDeadline + .seconds(10))
            processes.update(child.processIdentifier, isBusy: true)
        }
        let header = MessageHeader(.render, length: job.byteCount, job: number)
        var head = channel.allocator.buffer(capacity: MessageHeader.byteCount + job.body.job.count)
        head.writeMultipleIntegers(header.words.0, header.words.1, endianness: .host)
        head.writeBytes(job.body.job)
        channel.write(head, promise: nil)
        // If a write fails, the channel closes and the job is tried again.
        channel.writeAndFlush(channel.allocator.buffer(bytes: job.body.packets), promise: nil)
    }

    func received(_ reply: WorkerReply, job number: UInt64, from worker: Worker) {
        guard worker.cause == nil else { return }
        if case .ready(let fingerprint) = reply {
            guard !worker.isReady else { return end(worker, .protocolViolation) }
            worker.isReady = true
            worker.timer?.cancel()
            return perform(state.ready(worker.number, fingerprint))
        }
        guard number == worker.job, let job = jobs[number] else { return end(worker, .protocolViolation) }
        switch reply {
        case .ready: break
        case .frames(let bytes): deliver(bytes, of: job, from: worker)
        case .done(let cpu):
            guard job.delivery.isComplete else { return end(worker, .protocolViolation) }
            let now = NIODeadline.now()
            // One thread cannot have used more than the time that passed.
            let used = min(cpu, Duration(now - worker.jobStart))
            worker.cpu += used
            metrics.cpuSeconds.increment(by: used / .seconds(1))
            finish(worker, .success(ProcessCost(cpu: used, wall: Duration(now - (job.start ?? worker.jobStart)))))
        case .failed(let reason): finish(worker, .failure(.failed(reason)))
        }
    }

    private func deliver(_ bytes: [UInt8], of job: PendingJob, from worker: Worker) {
        switch job.delivery.receive(bytes) {
        case .deliver(let fresh): job.emit(fresh)
        case .repeated: break
        case .tooMany: end(worker, .protocolViolation)
        case .differs:
            let number = worker.job
            state.ending(worker.number, retrying: false)
            end(worker, .protocolViolation)
            perform(number.map { [.fail(job: $0, .failed("a second attempt made other bytes than the first"))] } ?? [])
        }
    }

    private func finish(_ worker: Worker, _ result: Result<ProcessCost, WorkerError>) {
        let job = worker.job.flatMap { jobs.removeValue(forKey: $0) }
        worker.job = nil
        worker.timer?.cancel()
        if let child = worker.child { processes.update(child.processIdentifier, isBusy: false) }
        perform(state.finished(worker.number))
        job?.complete(result)
    }
}

// MARK: - Lives

extension PoolShell {
    private func start(_ number: Int, after pause: Duration) {
        let worker = Worker(number: number)
        workers[number] = worker
        guard pause > .zero else { return start(worker) }
        worker.timer = loop.assumeIsolated().scheduleTask(in: TimeAmount(pause)) {
            worker.timer = nil
            self.start(worker)
        }
    }

    private func start(_ worker: Worker) {
        let (executable, environment) = (configuration.executable, configuration.environment)
        let inheritsErrors = logger.logLevel <= .debug
        worker.isStarting = true
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
            try StartedWorker(executable, environment: environment, inheritsErrors: inheritsErrors)
        }
        .assumeIsolated()
        .whenComplete { result in
            worker.isStarting = false
            switch result {
            case .success(let started): self.connect(worker, started)
            case .failure(let error): self.bury(worker, sentence: "\(error)")
            }
        }
    }

    private func connect(_ worker: Worker, _ started: StartedWorker) {
        worker.child = started.child
        processes.update(started.child.processIdentifier, isBusy: false)
        guard worker.cause == nil else {
            started.closePipes()
            return killAndReap(worker, started.child)
        }
        setDeadline(of: worker, Self.startDeadline)
        let connection = NIOLoopBound(WorkerConnection(worker: worker, shell: self), eventLoop: loop)
        NIOPipeBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(connection.value)
                }
            }
            .takingOwnershipOfDescriptors(input: started.replies, output: started.requests)
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    worker.channel = channel
                    if worker.cause != nil { channel.close(promise: nil) }
                case .failure:
                    started.closePipes()
                    self.end(worker, .closed)
                }
            }
    }

    /// Ends the worker's life once what it begins now takes longer than `deadline`, not counting time without a processor.
    private func setDeadline(of worker: Worker, _ deadline: Duration) {
        worker.timer?.cancel()
        let start = NIODeadline.now()
        let delayBefore = worker.child?.runDelay() ?? .zero
        func check(in pause: Duration) {
            worker.timer = loop.assumeIsolated().scheduleTask(in: TimeAmount(pause)) {
                let delay = (worker.child?.runDelay() ?? .zero) - delayBefore
                guard ChildProcess.isOver(waited: Duration(.now() - start), runDelay: delay, deadline: deadline) else {
                    return check(in: .milliseconds(100))
                }
                self.end(worker, .deadline)
            }
        }
        check(in: deadline)
    }

    /// Ends a worker's life, once.
    func end(_ worker: Worker, _ cause: DeathCause) {
        guard worker.cause == nil else { return }
        worker.cause = cause
        worker.timer?.cancel()
        state.ending(worker.number)
        worker.channel?.close(promise: nil)
        if let child = worker.child {
            killAndReap(worker, child)
        } else if !worker.isStarting {
            bury(worker, sentence: "was not started")
        }
    }

    private func killAndReap(_ worker: Worker, _ child: ChildProcess) {
        child.killAndReap(on: loop).assumeIsolated().whenSuccess { exit in
            if worker.cause == .closed, exit.status != .exited(0) { worker.cause = .crashed }
            self.processes.remove(child.processIdentifier)
            self.bury(
                worker, sentence: self.sentence(for: worker, exit),
                wasKilled: worker.cause == .crashed && exit.status == .killed(signal: SIGKILL))
        }
    }

    private func sentence(for worker: Worker, _ exit: ChildExit) -> String {
        switch worker.cause {
        case .deadline: worker.isReady ? "a worker took too long over a job" : "a worker was not ready in time"
        case .fingerprint: "a worker's render fingerprint differs from the first one's"
        case .protocolViolation: "a worker broke the protocol"
        case .crashed, .closed, .stopped, nil: "a worker \(exit.sentence)"
        }
    }

    /// Forgets a worker that is dead, or was never alive.
    private func bury(_ worker: Worker, sentence: String, wasKilled: Bool = false) {
        workers[worker.number] = nil
        let cause = worker.cause ?? .crashed
        if cause != .stopped {
            metrics.countExit(cause)
            logger.warning(
                "worker gone",
                metadata: [
                    "reason": "\(cause.rawValue)", "detail": "\(sentence)", "pid": "\(worker.child?.processIdentifier ?? 0)",
                    "job": "\(worker.job ?? 0)"
                ])
        }
        perform(state.gone(worker.number, sentence: sentence, wasKilled: wasKilled))
        finishStopping()
    }
}
