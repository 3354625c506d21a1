internal import Synchronization

/// Signals each removal of tracks to the tasks that wait for one.
final class RemovalWatches: Sendable {
    private struct State {
        var last = 0
        var signals: [Int: AsyncStream<Void>.Continuation] = [:]
    }

    private let state = Mutex(State())

    /// Runs `body` with a stream that has an element after each removal, or one for several.
    func run<Value>(_ body: (AsyncStream<Void>) async throws -> Value) async rethrows -> Value {
        let (stream, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let place = state.withLock { state in
            state.last += 1
            state.signals[state.last] = signal
            return state.last
        }
        defer { state.withLock { $0.signals[place] = nil } }
        return try await body(stream)
    }

    func signal() {
        for signal in state.withLock({ Array($0.signals.values) }) { signal.yield() }
    }
}
