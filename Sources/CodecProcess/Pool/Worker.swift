import NIOCore

/// One worker process as its pool's event loop sees it.
final class Worker {
    let number: Int
    /// nil until it is started.
    var child: ChildProcess?
    var channel: (any Channel)?
    /// The timer for its start after a pause, or for its deadline.
    var timer: Scheduled<Void>?
    /// Whether a thread is starting it right now.
    var isStarting = false
    var isReady = false
    var job: UInt64?
    /// When its current job was assigned.
    var jobStart = NIODeadline.uptimeNanoseconds(0)
    /// CPU time of all its jobs.
    var cpu = Duration.zero
    /// Set once its end is decided; its messages are ignored from then on.
    var cause: DeathCause?

    init(number: Int) {
        self.number = number
    }
}
