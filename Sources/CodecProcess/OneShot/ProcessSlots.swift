internal import Synchronization

/// Limits the one-shot processes that run at once, and gives every account its share of them.
///
/// An account with no process running may start one although all slots are taken, up to as many again, so its files begin at once
/// whatever other accounts' files cost. Beyond that the account with the fewest running is next; among equals, the one that waits
/// longest. Within an account, first come, first served.
public final class ProcessSlots: Sendable {
    private typealias Waiter = (ticket: Int, account: Int64?, continuation: CheckedContinuation<Void, any Error>)

    private struct State {
        let count: Int
        /// Processes by account; nil stands for the server itself.
        var running: [Int64?: Int] = [:]
        var total = 0
        var nextTicket = 0
        var waiting: [Waiter] = []

        mutating func take(_ account: Int64?) -> Bool {
            guard total < count || running[account] == nil && total < 2 * count else { return false }
            running[account, default: 0] += 1
            total += 1
            return true
        }

        mutating func giveBack(_ account: Int64?) {
            let left = (running[account] ?? 1) - 1
            running[account] = left > 0 ? left : nil
            total -= 1
        }

        /// The waiter whose turn it is, if there is room.
        mutating func next() -> Waiter? {
            let fewest = waiting.indices.min { (running[waiting[$0].account] ?? 0, $0) < (running[waiting[$1].account] ?? 0, $1) }
            guard let place = fewest, take(waiting[place].account) else { return nil }
            return waiting.remove(at: place)
        }
    }

    public let count: Int
    private let state: Mutex<State>

    public init(_ count: Int) {
        self.count = count
        state = Mutex(State(count: count))
    }

    /// Whether a process runs.
    public var isBusy: Bool { state.withLock { $0.total > 0 } }

    /// Runs `body` when it is the account's turn.
    ///
    /// - Parameter account: the account whose share it takes; nil for the server itself.
    public func withSlot<Result>(for account: Int64? = nil, _ body: () async throws -> Result) async throws -> Result {
        try await acquire(account)
        defer { release(account) }
        return try await body()
    }

    private func acquire(_ account: Int64?) async throws {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isFree = state.withLock { state in
                    // A cancellation before this point has no continuation to resume yet, so it is checked here.
                    if Task.isCancelled { return Bool?.none }
                    if state.take(account) { return true }
                    state.waiting.append((ticket, account, continuation))
                    return false
                }
                switch isFree {
                case nil: continuation.resume(throwing: CancellationError())
                case true?: continuation.resume()
                case false?: break
                }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiting.firstIndex { $0.ticket == ticket }.map { state.waiting.remove(at: $0).continuation }
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func release(_ account: Int64?) {
        let next = state.withLock { state in
            state.giveBack(account)
            return state.next()
        }
        next?.continuation.resume()
    }
}
