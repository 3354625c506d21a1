import Synchronization

/// The progress of the first pass over `--music`; read by `/readyz`.
final class ImportProgressBoard: Sendable {
    struct State: Encodable, Sendable {
        var done: Int
        var total: Int
        /// Whether the first pass is over, or there was none to make.
        var isReady: Bool

        enum CodingKeys: String, CodingKey {
            case done
            case total
        }
    }

    private let board: Mutex<State>

    /// Ready from the start unless there is something to import.
    init(isReady: Bool) {
        board = Mutex(State(done: 0, total: 0, isReady: isReady))
    }

    var state: State { board.withLock { $0 } }

    func update(done: Int, total: Int) {
        board.withLock { ($0.done, $0.total) = (done, total) }
    }

    func finish() {
        board.withLock { $0.isReady = true }
    }
}
