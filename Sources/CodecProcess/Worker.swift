import NIOCore

/// One worker process as its pool's event loop sees it.
final class Worker {
    let number: Int
    /// nil until it is started.
    var child: ChildProcess?
    var channel: (any Channel)?
    /// What it waits for: its start after a pause, or the end of the time it may take.
    var timer: Scheduled<Void>?
    /// Whether a thread is starting it right now.
    var isStarting = false
    var isReady = false
    var job: UInt64?
    /// When it was given its job.
    var jobStart = NIODeadline.uptimeNanoseconds(0)
    /// CPU time of all its jobs.
    var cpu = Duration.zero
    /// Set once its end was decided; nothing it says counts from then on.
    var cause: DeathCause?

    init(number: Int) {
        self.number = number
    }
}
