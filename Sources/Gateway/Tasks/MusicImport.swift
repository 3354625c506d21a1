import Intake
import Logging
import ServiceLifecycle

/// Imports the `--music` folder in the background, newest first, and then follows changes in it.
struct MusicImport: Service {
    /// Missing entries of playlists that are logged each time; further ones are only counted.
    private static let mostMissing = 100

    let folder: String
    let account: Int64
    let intake: Intake
    let board: ImportProgressBoard
    let logger: Logger

    func run() async throws {
        let watch = try FolderWatch(folder: folder, logger: logger)
        defer { watch.stop() }
        let importing = Task { await follow(watch) }
        await withTaskCancellationOrGracefulShutdownHandler {
            await importing.value
        } onCancelOrGracefulShutdown: {
            importing.cancel()
            watch.stop()
        }
        // A service that returns ends the server.
        try? await gracefulShutdown()
    }

    private func follow(_ watch: FolderWatch) async {
        // The watch begins before the reading, so that no change in between is missed.
        await watch.begin()
        let summary = await intake.importFolder(folder, account: account) { progress in
            board.update(done: progress.done, total: progress.total)
            log(progress)
        }
        board.finish()
        log("music folder read", summary)
        while !Task.isCancelled, let changes = await watch.next() {
            let summary = await intake.importChanges(changes, in: folder, account: account, progress: log)
            log("music folder changed", summary)
        }
    }

    private func log(_ progress: ImportProgress) {
        guard let refusal = progress.lastRefusal else { return }
        logger.warning("not imported", metadata: ["file": "\(refusal.path)", "reason": "\(refusal.reason)"])
    }

    private func log(_ message: Logger.Message, _ summary: ImportSummary) {
        for missing in summary.missingEntries.prefix(Self.mostMissing) {
            logger.warning(
                "not found for a playlist",
                metadata: ["playlist": "\(missing.playlist)", "line": "\(missing.line)", "entry": "\(missing.entry)"])
        }
        let counts: [(String, Int)] = [
            ("imported", summary.imported), ("known", summary.existing), ("moved", summary.moved), ("updated", summary.updated),
            ("refused", summary.refused.count), ("warnings", summary.warned), ("passed over", summary.passedOver.total),
            ("playlists", summary.playlists), ("missing", summary.missing)
        ]
        logger.info(message, metadata: Logger.Metadata(uniqueKeysWithValues: counts.map { ($0.0, "\($0.1)") }))
    }
}
