public import Logging
internal import NIOPosix
internal import Synchronization

/// Reports the changes in a folder and in the folders below it, one burst at a time.
///
/// It has its own thread until ``stop()``, which the owner must call. If the system gives no more watches, or the folder
/// does not exist, it asks for a scan of the whole folder every ten minutes instead.
public final class FolderWatch: Sendable {
    public struct Pace: Sendable {
        /// A burst is over when nothing has changed for this long.
        public var quiet = Duration.seconds(1)
        /// A burst that lasts this long is handed over even if changes go on.
        public var longest = Duration.seconds(10)
        /// How often the whole folder is scanned if not all of it is watched.
        public var whole = Duration.seconds(600)
        /// The most folders to watch; the system's own limit applies as well.
        public var mostWatches = Int.max

        public init() {}
    }

    private struct Mailbox {
        var changes = FolderChanges()
        var waiter: CheckedContinuation<FolderChanges?, Never>?
        var isStopped = false
    }

    private let folder: String
    private let pace: Pace
    private let logger: Logger
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let mailbox = Mutex(Mailbox())
    private let wake: WakePipe

    public init(folder: String, pace: Pace = Pace(), logger: Logger) throws {
        self.folder = folder
        self.pace = pace
        self.logger = logger
        wake = try WakePipe()
        thread.start()
    }

    /// Returns once all existing folders are watched.
    public func begin() async {
        let loop = FolderWatchLoop(folder: folder, pace: pace, logger: logger)
        _ = try? await thread.runIfActive { loop.setUp() }
        thread.submit { [wake] state in
            guard state == .active else { return }
            loop.run(until: wake) { self.deliver($0) }
        }
    }

    /// The changes since the last call, as soon as there are any; nil after ``stop()``. One call at a time.
    public func next() async -> FolderChanges? {
        await withCheckedContinuation { continuation in
            let ready = mailbox.withLock { mailbox -> FolderChanges?? in
                if mailbox.isStopped { return .some(nil) }
                if mailbox.changes.isEmpty {
                    mailbox.waiter = continuation
                    return nil
                }
                defer { mailbox.changes = FolderChanges() }
                return mailbox.changes
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    /// Ends the thread. May be called at any time, and more than once.
    public func stop() {
        let waiter = mailbox.withLock { mailbox in
            mailbox.isStopped = true
            defer { mailbox.waiter = nil }
            return mailbox.waiter
        }
        waiter?.resume(returning: nil)
        wake.signal()
        thread.shutdownGracefully { _ in }
    }

    private func deliver(_ changes: FolderChanges) {
        let waiter = mailbox.withLock { mailbox -> CheckedContinuation<FolderChanges?, Never>? in
            guard let waiter = mailbox.waiter else {
                mailbox.changes.add(changes)
                return nil
            }
            mailbox.waiter = nil
            return waiter
        }
        waiter?.resume(returning: changes)
    }
}
