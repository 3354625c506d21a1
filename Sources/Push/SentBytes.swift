internal import Synchronization

/// Counts the bytes of one file that were handed to the network.
final class SentBytes: Sendable {
    private let count: Mutex<Int>
    private let onChange: @Sendable (Int) -> Void

    init(_ count: Int, _ onChange: @escaping @Sendable (Int) -> Void) {
        self.count = Mutex(count)
        self.onChange = onChange
    }

    func add(_ bytes: Int) {
        onChange(
            count.withLock { count in
                count += bytes
                return count
            })
    }
}
