internal import Glibc
public import NIOCore

extension WorkerPool {
    public struct Configuration: Sendable {
        /// Path of `sweetspot-codec`; see ``codecExecutable()``.
        public var executable: String
        /// Chunks rendered at once, at least 1.
        public var workers: Int
        /// Whether one process more is kept warm, in case one dies. It costs a quarter of a second of a core at the start.
        public var hasStandby: Bool
        /// The time one attempt at a job may take before its worker is killed, not counting time without a processor.
        public var jobDeadline: Duration
        /// The complete environment of the workers.
        public var environment: [String: String]

        /// - Parameters:
        ///   - workers: default: one for each core this process may use.
        ///   - environment: default: only what the loader needs, and no back-traces, so that a crash is over at once.
        public init(
            executable: String, workers: Int = System.coreCount, hasStandby: Bool = true,
            jobDeadline: Duration = .seconds(20), environment: [String: String] = Self.minimalEnvironment
        ) {
            self.executable = executable
            self.workers = max(1, workers)
            self.hasStandby = hasStandby
            self.jobDeadline = jobDeadline
            self.environment = environment
        }

        /// This process's `LD_LIBRARY_PATH`, if it has one, and Swift's back-traces switched off.
        public static var minimalEnvironment: [String: String] {
            var environment = ["SWIFT_BACKTRACE": "enable=no"]
            if let path = unsafe getenv("LD_LIBRARY_PATH") { environment["LD_LIBRARY_PATH"] = unsafe String(cString: path) }
            return environment
        }
    }
}
