import HTTPTypes
import Intake
import Logging
import ServiceLifecycle
import Synchronization

/// The checks of complete uploads. They continue when the client leaves, and interrupted ones continue at the next start.
final class UploadChecks: Service {
    private struct State {
        var checks: [String: Task<Admission, any Error>] = [:]
        var isStopped = false
    }

    private let state = Mutex(State())
    private let intake: Intake
    private let logger: Logger

    init(intake: Intake, logger: Logger) {
        self.intake = intake
        self.logger = logger
    }

    /// Continues the checks that an earlier run of the server left, until the server ends.
    func run() async throws {
        do {
            for upload in try await intake.recoverUploads() { begin(upload) }
        } catch {
            logger.error("uploads not continued", metadata: ["error": "\(error)"])
        }
        try? await gracefulShutdown()
    }

    @discardableResult
    func begin(_ upload: Upload) -> Task<Admission, any Error> {
        state.withLock { state in
            let check = Task {
                defer { _ = self.state.withLock { $0.checks.removeValue(forKey: upload.id) } }
                do {
                    return try await upload.finish()
                } catch {
                    if let error = error as? IntakeError, Problem(error).status.kind == .serverError {
                        logger.error("file not stored", metadata: ["upload": "\(upload.id)", "error": "\(error)"])
                    }
                    throw error
                }
            }
            // The lock is held: the check cannot end before it is noted.
            state.checks[upload.id] = check
            if state.isStopped { check.cancel() }
            return check
        }
    }

    /// Ends the checks under way; each is done again at the next start.
    func stop() async {
        let checks = state.withLock { state in
            state.isStopped = true
            return Array(state.checks.values)
        }
        for check in checks { check.cancel() }
        for check in checks { _ = await check.result }
    }

    /// The outcome of a check. Returns nil if it is not known in time or the asking task is cancelled.
    static func outcome(
        of check: Task<Admission, any Error>, within limit: Duration
    ) async -> Result<Admission, any Error>? {
        let (either, source) = AsyncStream<Result<Admission, any Error>>.makeStream()
        let timer = Task {
            try? await Task.sleep(for: limit)
            source.finish()
        }
        let end = Task {
            source.yield(await check.result)
            source.finish()
        }
        defer {
            timer.cancel()
            end.cancel()
        }
        return await either.first { _ in true }
    }
}
