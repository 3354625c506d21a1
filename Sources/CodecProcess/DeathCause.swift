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
