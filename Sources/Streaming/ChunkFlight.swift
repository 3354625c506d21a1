import NIOCore
import Synchronization

/// A chunk on its way: its frames' bytes as far as the worker has made them. Any number of readers follow it.
final class ChunkFlight: Sendable {
    private struct State {
        var frames: [UInt8] = []
        var outcome: Result<Void, StreamError>?
        var readers: [Int: CheckedContinuation<Void, Never>] = [:]
        var lastReader = 0

        var isOver: Bool { outcome.map { _ in true } ?? false }
    }

    private let state: Mutex<State>

    /// - Parameter byteCount: the whole chunk's size in bytes, or the most it can be, from the frame grid.
    init(byteCount: Int) {
        var state = State()
        state.frames.reserveCapacity(byteCount)
        self.state = Mutex(state)
    }

    func append(_ bytes: [UInt8]) {
        wake { $0.frames.append(contentsOf: bytes) }
    }

    /// Ends the flight, and returns the bytes it has.
    @discardableResult
    func finish(_ outcome: Result<Void, StreamError>) -> [UInt8] {
        wake { $0.outcome = outcome }
        return state.withLock { $0.frames }
    }

    private func wake(_ change: (inout State) -> Void) {
        let readers = state.withLock { state in
            change(&state)
            defer { state.readers.removeAll(keepingCapacity: true) }
            return state.readers
        }
        for reader in readers.values { reader.resume() }
    }

    /// Waits until there are more than `seen` bytes or the flight is over.
    ///
    /// Throws `CancellationError` as soon as the reading task is cancelled.
    func wait(beyond seen: Int) async throws {
        while !state.withLock({ $0.frames.count > seen || $0.isOver }) {
            try Task.checkCancellation()
            await change(beyond: seen)
        }
    }

    /// Passes all bytes so far to `body`, and returns its result and their count. Throws the render's error if the render
    /// failed.
    ///
    /// `body` runs under the flight's lock: it copies what it needs and returns.
    func frames<Value>(_ body: (RawSpan) -> Value) throws(StreamError) -> (value: Value, count: Int) {
        let result: Result<(value: Value, count: Int), StreamError> = state.withLock { state in
            if case .failure(let error) = state.outcome { return .failure(error) }
            return unsafe .success((body(state.frames.span.bytes), state.frames.count))
        }
        return try result.get()
    }

    /// The bytes after the first `seen`, and whether no more will come. Throws the render's error if the render failed.
    func content(beyond seen: Int) throws(StreamError) -> (bytes: ByteBuffer, isWhole: Bool) {
        let result: Result<(ByteBuffer, Bool), StreamError> = state.withLock { state in
            if case .failure(let error) = state.outcome { return .failure(error) }
            return .success((ByteBuffer(bytes: state.frames.dropFirst(seen)), state.isOver))
        }
        return try result.get()
    }

    private func change(beyond seen: Int) async {
        let reader = state.withLock { state in
            state.lastReader += 1
            return state.lastReader
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = state.withLock { state in
                    guard state.frames.count <= seen, !state.isOver, !Task.isCancelled else { return true }
                    state.readers[reader] = continuation
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.readers.removeValue(forKey: reader) }?.resume()
        }
    }
}
