import ServiceLifecycle

extension Service {
    /// Runs `body`, and cancels it when the server is told to end. Returns only then, because a service that returns ends
    /// the server.
    func untilShutdown(_ body: @escaping @Sendable () async throws -> Void) async {
        try? await cancelWhenGracefulShutdown(body)
        try? await gracefulShutdown()
    }
}
