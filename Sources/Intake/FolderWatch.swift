public import Logging
internal import NIOPosix
internal import Synchronization

/// Tells what changes in a folder and in the folders below it, a burst at a time.
///
/// Has a thread of its own until ``stop()``, which whoever made it must call. Where the system gives no more watches, or the folder is not
/// there, it asks for a look at the whole folder every ten minutes instead.
public final class FolderWatch: Sendable {
    public struct Pace: Sendable {
        /// How long nothing must have happened for a burst to be over.
        public var quiet = Duration.seconds(1)
        /// How long a burst may last before it is handed over all the same.
        public var longest = Duration.seconds(10)
        /// How often the whole folder is looked at where not all of it is watched.
        public var whole = Duration.seconds(600)
        /// Folders that are watched at most, besides the system's own limit.
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

    /// Returns once the folders that are there are watched.
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

    /// Ends the thread. May be called at any time and again.
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
