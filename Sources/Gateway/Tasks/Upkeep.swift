import Foundation
import Intake
import Locker
import Logging
import ServiceLifecycle
import Streaming

/// Periodic work: removes unreferenced files and abandoned uploads, and restores the reserve after a full disk. At the start it
/// reads the tags that an earlier version did not keep.
struct Upkeep: Service {
    private static let pause = Duration.seconds(60)

    let intake: Intake
    let catalogue: Catalogue
    let checks: UploadChecks
    let engine: StreamEngine
    /// How long the bytes of deleted files stay.
    let grace: Duration
    let logger: Logger

    func run() async throws {
        await untilShutdown {
            do {
                try await intake.readTagsAgain()
            } catch  where !Task.isCancelled {
                logger.error("tags not read", metadata: ["error": "\(error)"])
            }
            while true {
                do {
                    try await clear()
                } catch  where !Task.isCancelled {
                    logger.error("upkeep failed", metadata: ["error": "\(error)"])
                }
                try await Task.sleep(for: min(Self.pause, grace + .milliseconds(100)))
            }
        }
    }

    private func clear() async throws {
        // First of all, because the rest needs room.
        catalogue.restoreReserve()
        await catalogue.finishErasing()
        for upload in try await intake.expireUploads() { checks.begin(upload) }
        let count = try await intake.reclaim(releasedBefore: catalogue.time - Int(grace / .milliseconds(1))) {
            await engine.forget($0)
        }
        if count > 0 { logger.info("unreferenced files removed", metadata: ["files": "\(count)"]) }
    }
}
