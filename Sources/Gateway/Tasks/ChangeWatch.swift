import Locker
import ServiceLifecycle

/// Lets the catalogue see what other processes change while the server runs: a track that the command line removes ends its streams.
struct ChangeWatch: Service {
    let catalogue: Catalogue

    func run() async throws {
        await cancelWhenGracefulShutdown { await catalogue.followChanges() }
        // A service that returns ends the server.
        try? await gracefulShutdown()
    }
}
