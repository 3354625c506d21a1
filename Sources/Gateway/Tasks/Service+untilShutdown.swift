import Logging
import ServiceLifecycle

extension Service {
    /// Runs `body`, and cancels it when the server is told to end. Returns only then, because a service that returns ends
    /// the server.
    func untilShutdown(_ body: @escaping @Sendable () async throws -> Void) async {
        try? await cancelWhenGracefulShutdown(body)
        try? await gracefulShutdown()
    }
}

extension Service {
    /// Runs `pass` until the server is told to end, with a pause after each. An error is logged, and the next pass tries again.
    func untilShutdown(
        pausing pause: Duration, _ logger: Logger, onError message: Logger.Message,
        _ pass: @escaping @Sendable () async throws -> Void
    ) async {
        await untilShutdown {
            while true {
                do {
                    try await pass()
                } catch  where !Task.isCancelled {
                    logger.error(message, metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: pause)
            }
        }
    }
}
