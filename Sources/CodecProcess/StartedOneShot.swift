internal import Glibc

/// A one-shot process just started and our end of its pipe. The receiver closes the pipe or gives it to a channel.
struct StartedOneShot: Sendable {
    let child: ChildProcess
    let replies: Int32

    /// Starts `executable mode arguments…` on a read-only view of an open file. Blocks for about a millisecond.
    init(
        _ executable: String, mode: String, arguments: [String], file: Int32, inheritsErrors: Bool
    ) throws(SystemError) {
        let input = try Descriptor.readOnly(of: file)
        let replies = try Pipe()
        child = try ChildProcess.start(
            executable, mode: mode, arguments: arguments, environment: WorkerPool.Configuration.minimalEnvironment, input: input,
            output: replies.writing, inheritsErrors: inheritsErrors)
        self.replies = replies.reading.release()
    }

    /// Closes our end, if no channel took it.
    func closePipe() {
        close(replies)
    }
}
