internal import CSandbox
internal import FileSystem
internal import Glibc
import NIOCore
import Synchronization

/// A started child that has not been waited for. The code that starts it must call ``killAndReap(on:)``, exactly once.
final class ChildProcess: Sendable {
    let processIdentifier: Int32
    /// Whether the kernel may have given the number to another process: from then on no signal may be sent.
    private let isReaped = Mutex(false)

    private init(processIdentifier: Int32) {
        self.processIdentifier = processIdentifier
    }

    /// Starts `executable mode arguments…` with `input` and `output` as its descriptors 0 and 1. Its descriptor 2 is ours if
    /// `inheritsErrors`, else `/dev/null`; it has no others.
    static func start(
        _ executable: String, mode: String, arguments: [String] = [], environment: [String: String],
        input: borrowing Descriptor, output: borrowing Descriptor, inheritsErrors: Bool
    ) throws(SystemError) -> ChildProcess {
        let words = unsafe cStrings([executable, mode] + arguments)
        let variables = unsafe cStrings(environment.map { "\($0.key)=\($0.value)" })
        defer {
            unsafe release(words)
            unsafe release(variables)
        }
        var identifier: pid_t = 0
        let error = unsafe child_start(
            executable, words, variables, input.number, output.number, inheritsErrors, &identifier)
        guard error == 0 else { throw SystemError(code: error, "start \(executable)") }
        return ChildProcess(processIdentifier: identifier)
    }

    /// Time the child could have run but got no processor, so far; zero if the kernel does not count it.
    func runDelay() -> Duration {
        isReaped.withLock { $0 ? .zero : Duration(runDelayOf: processIdentifier) }
    }

    /// Whether a process that was waited for so long has used up its time. Time without a processor does not count, up to ten times
    /// the deadline in all.
    static func isOver(waited: Duration, runDelay: Duration, deadline: Duration) -> Bool {
        waited >= min(deadline + runDelay, deadline * 10)
    }

    /// Sends SIGKILL, unless the child was reaped.
    func kill() {
        isReaped.withLock { if !$0 { _ = Glibc.kill(processIdentifier, SIGKILL) } }
    }

    /// Lets the child use `limit` of CPU time in all, rounded up to seconds, before the kernel ends it.
    func allow(cpu limit: Duration) {
        let seconds = UInt64(clamping: limit.components.seconds) + 1
        isReaped.withLock { if !$0 { _ = child_set_cpu_limit(processIdentifier, seconds) } }
    }

    /// Kills the child and waits for its end without blocking the loop. It is dead within about a millisecond, so it is polled.
    func killAndReap(on loop: any EventLoop) -> EventLoopFuture<ChildExit> {
        kill()
        let promise = loop.makePromise(of: ChildExit.self)
        poll(on: loop, again: .milliseconds(1), promise)
        return promise.futureResult
    }

    private func poll(on loop: any EventLoop, again delay: TimeAmount, _ promise: EventLoopPromise<ChildExit>) {
        if let exit = isReaped.withLock({ isReaped in collect(&isReaped) }) { return promise.succeed(exit) }
        loop.scheduleTask(in: delay) {
            self.poll(on: loop, again: min(delay * 2, .milliseconds(100)), promise)
        }
    }

    private func collect(_ isReaped: inout Bool) -> ChildExit? {
        var status: Int32 = 0
        var usage = rusage()
        let result = unsafe wait4(processIdentifier, &status, WNOHANG, &usage)
        if result == 0 || (result < 0 && errno == EINTR) { return nil }
        isReaped = true
        // Other code of this process has waited for the child (ECHILD): only its end is known.
        guard result > 0 else { return ChildExit(status: .killed(signal: SIGKILL), cpu: .zero) }
        let signal = status & 0x7F
        return ChildExit(
            status: signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal: signal),
            cpu: Duration(usage.ru_utime) + Duration(usage.ru_stime))
    }
}

extension Duration {
    fileprivate init(_ time: timeval) {
        self = .seconds(time.tv_sec) + .microseconds(time.tv_usec)
    }
}

/// Copies for C, ended by a null pointer; the caller frees each.
private func cStrings(_ strings: [String]) -> [UnsafeMutablePointer<CChar>?] {
    unsafe strings.map { unsafe strdup($0) } + [nil]
}

private func release(_ strings: [UnsafeMutablePointer<CChar>?]) {
    for index in unsafe strings.indices { unsafe free(strings[index]) }
}

/// How a child ended, and how much CPU time it used.
struct ChildExit: Sendable, Hashable {
    enum Status: Sendable, Hashable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    let status: Status
    /// User and system time over its whole life.
    let cpu: Duration

    /// The end of a sentence that begins with the process: `exited with status 71`.
    var sentence: String {
        switch status {
        case .exited(let code): "exited with status \(code)"
        case .killed(let signal): "was ended by signal \(signal)"
        }
    }
}
