/// How a child ended, and how much CPU time it used.
struct ChildExit: Sendable, Hashable {
    enum Status: Sendable, Hashable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    let status: Status
    /// User and system time over its whole life.
    let cpu: Duration

    /// The end of a sentence that begins with the process: `exited with status 71`.
    var sentence: String {
        switch status {
        case .exited(let code): "exited with status \(code)"
        case .killed(let signal): "was ended by signal \(signal)"
        }
    }
}
