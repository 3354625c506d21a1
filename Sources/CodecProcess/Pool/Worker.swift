internal import FileSystem
internal import Glibc
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

/// Why a worker's life ended; the raw value is the metric's `reason`.
enum DeathCause: String, Sendable, Hashable, CaseIterable {
    /// Killed because a job or its start took too long.
    case deadline = "killed-deadline"
    /// A signal or a status other than 0 ended it.
    case crashed
    /// It closed its pipe.
    case closed
    /// Killed because its render fingerprint is not the pool's.
    case fingerprint
    /// Killed because it broke the protocol.
    case protocolViolation = "protocol"
    /// The pool was shut down; not counted.
    case stopped
}

/// A worker just started and our ends of its pipes. The receiver closes them or gives them to a channel.
struct StartedWorker: Sendable {
    let child: ChildProcess
    let replies: Int32
    let requests: Int32

    /// Starts `executable render`. Blocks for about a millisecond.
    init(_ executable: String, environment: [String: String], inheritsErrors: Bool) throws(SystemError) {
        let requests = try Pipe()
        let replies = try Pipe()
        child = try ChildProcess.start(
            executable, mode: "render", environment: environment, input: requests.reading, output: replies.writing,
            inheritsErrors: inheritsErrors)
        self.replies = replies.reading.release()
        self.requests = requests.writing.release()
    }

    /// Closes our ends, if no channel took them.
    func closePipes() {
        close(replies)
        close(requests)
    }
}
