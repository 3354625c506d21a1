/// Why a worker's life ended; the raw value is the metric's `reason`.
enum DeathCause: String, Sendable, Hashable, CaseIterable {
    /// Killed because a job, or getting ready, took longer than it may.
    case deadline = "killed-deadline"
    /// A signal or a status other than 0 ended it.
    case crashed
    /// It closed its pipe.
    case closed
    /// Killed because it renders other bytes than the pool's first worker.
    case fingerprint
    /// Killed because it said what it may not say.
    case protocolViolation = "protocol"
    /// The pool was shut down; not counted.
    case stopped
}
