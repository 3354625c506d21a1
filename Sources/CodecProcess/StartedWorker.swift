internal import Glibc

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
