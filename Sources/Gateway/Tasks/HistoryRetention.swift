import Foundation
import Locker
import Logging
import ServiceLifecycle

/// Forgets plays and skips that are older than the configuration allows, once an hour.
struct HistoryRetention: Service {
    private static let pause = Duration.seconds(3600)

    let catalogue: Catalogue
    /// How long they are remembered.
    let age: Duration
    let logger: Logger

    func run() async throws {
        await untilShutdown(pausing: Self.pause, logger, onError: "old plays not forgotten") {
            let time = catalogue.time - Int(age / .milliseconds(1))
            while try await catalogue.forgetHistory(before: time) { try Task.checkCancellation() }
        }
    }
}
