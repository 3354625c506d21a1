/// Why a chunk was not rendered.
public enum WorkerError: Error, Sendable, Equatable {
    /// The worker refused the job and said why. The job is bad, so it was not tried again.
    case failed(String)
    /// Two workers died over the job, by crash or deadline, or eight were killed from outside.
    case died
    /// No worker is available, and why: none starts, or its render fingerprint is not the pool's.
    case unavailable(String)
    /// The pool was shut down.
    case stopped
}
