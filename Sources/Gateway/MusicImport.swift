import Intake
import Logging
import ServiceLifecycle

/// Imports the `--music` folder once, in the background, newest first.
struct MusicImport: Service {
    let folder: String
    let account: Int64
    let intake: Intake
    let board: ImportProgressBoard
    let logger: Logger

    func run() async throws {
        let importing = Task {
            await intake.importPaths([folder], account: account, link: false, newestFirst: true) { progress in
                board.update(done: progress.done, total: progress.total)
                if let refusal = progress.lastRefusal {
                    logger.warning("not imported", metadata: ["file": "\(refusal.path)", "reason": "\(refusal.reason)"])
                }
            }
        }
        let summary = await withTaskCancellationOrGracefulShutdownHandler {
            await importing.value
        } onCancelOrGracefulShutdown: {
            importing.cancel()
        }
        board.finish()
        logger.info(
            "music folder read",
            metadata: ["imported": "\(summary.imported)", "known": "\(summary.existing)", "refused": "\(summary.refused.count)"])
        // A service that returns ends the server.
        try? await gracefulShutdown()
    }
}
