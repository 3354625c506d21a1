import Synchronization

/// The least an upload has to bring: who trickles holds a connection, a file and room in a quota.
package struct UploadSpeed: Sendable, Hashable {
    /// Too few bytes came in time.
    struct TooSlow: Error {}

    /// How long it may take until the first of them have to be there.
    package var grace: Duration
    /// Over which time they are counted.
    package var window: Duration
    package var bytesPerSecond: Int

    package init(grace: Duration = .seconds(30), window: Duration = .seconds(30), bytesPerSecond: Int = 1000) {
        self.grace = grace
        self.window = window
        self.bytesPerSecond = bytesPerSecond
    }

    /// Runs `body`, which tells what it received.
    ///
    /// - Throws: ``TooSlow`` as soon as a window had too little in it; `body` is cancelled then. Whatever `body` throws.
    func watch(_ body: @escaping @Sendable (_ received: @Sendable (Int) -> Void) async throws -> Void) async throws {
        let total = Total()
        try await withThrowingTaskGroup(of: Bool.self) { tasks in
            tasks.addTask {
                try await body { bytes in total.bytes.withLock { $0 += bytes } }
                return true
            }
            tasks.addTask {
                try await Task.sleep(for: grace)
                var before = 0
                while true {
                    try await Task.sleep(for: window)
                    let now = total.bytes.withLock { $0 }
                    guard Double(now - before) >= Double(bytesPerSecond) * (window / .seconds(1)) else { return false }
                    before = now
                }
            }
            defer { tasks.cancelAll() }
            if try await tasks.next() == false { throw TooSlow() }
        }
    }

    private final class Total: Sendable {
        let bytes = Mutex(0)
    }
}
