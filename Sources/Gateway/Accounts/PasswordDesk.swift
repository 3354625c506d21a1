import HTTPTypes
import NIOPosix
import Synchronization

/// Computes password hashes one at a time, on a dedicated thread: each takes 32 MiB and a fifth of a second of a core.
final class PasswordDesk: Sendable {
    private struct State {
        var queue = PasswordQueue()
        var last: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, any Error>] = [:]
    }

    private let threads: NIOThreadPool
    private let state = Mutex(State())

    init(threads: NIOThreadPool) { self.threads = threads }

    /// Waits for its turn, then runs `body`.
    ///
    /// - Throws: 503 if others have a better claim to the places, `CancellationError` if the task is cancelled before its turn.
    func run<Value: Sendable>(
        _ claim: PasswordQueue.Claim, _ body: @escaping @Sendable () -> Value
    ) async throws -> Value {
        try await turn(claim)
        defer { pass() }
        return try await threads.runIfActive(body)
    }

    private func turn(_ claim: PasswordQueue.Claim) async throws {
        let ticket = state.withLock { state in
            state.last += 1
            return state.last
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (begins, leaves) = state.withLock { state -> (Waiter?, Waiter?) in
                    // A cancellation before this point has no continuation to resume yet, so it is checked here.
                    if Task.isCancelled { return (nil, continuation) }
                    state.waiters[ticket] = continuation
                    let (begins, leaves) = state.queue.enter(ticket, claim)
                    return (
                        begins.flatMap { state.waiters.removeValue(forKey: $0) },
                        leaves.flatMap { state.waiters.removeValue(forKey: $0) }
                    )
                }
                begins?.resume()
                leaves?.resume(throwing: Task.isCancelled ? CancellationError() : Self.busy)
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.queue.leave(ticket) ? state.waiters.removeValue(forKey: ticket) : nil
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private typealias Waiter = CheckedContinuation<Void, any Error>

    private static let busy = Problem(
        status: .serviceUnavailable, slug: .busy, detail: "too many clients log in at once", headers: [.retryAfter: "2"])

    private func pass() {
        let next = state.withLock { state in state.queue.next().flatMap { state.waiters.removeValue(forKey: $0) } }
        next?.resume()
    }
}
