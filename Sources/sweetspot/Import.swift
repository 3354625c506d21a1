import ArgumentParser
import Audio
import Foundation
import Gateway
import Intake
import Locker

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ingest files and folders.",
        discussion: """
            In folders, files are taken whose name or first bytes are of sound; what was passed over is counted. M3U and M3U8 files
            become playlists of the songs that the account has; what is not found is named.
            """)

    @Argument(help: "Audio files, M3U playlists, and folders to search for them.")
    var paths: [String]
    @Option(help: "Directory of the server's files.")
    var data = "data"
    @Option(help: "Account to import into.")
    var account: String?
    @Flag(help: "Hard-link the originals instead of copying them.")
    var link = false

    func run() async throws {
        let isTerminal = isatty(STDERR_FILENO) == 1
        let bar = ProgressBar("import", counts: true)
        let (intake, account) = try await openIntake(
            data: data, account: account, limits: try await IngestLimits.ofCommandLine())
        defer { try? intake.close() }
        let summary = await intake.importPaths(paths, account: account, link: link) { progress in
            if let file = progress.latest, !isTerminal || progress.lastRefusal != nil {
                bar.clear()
                writeErrorLine("\(file.path): \(file.outcome.sentence)")
            }
            bar.update(done: progress.done, total: progress.total)
        }
        bar.clear()
        print(summary.text, terminator: "")
        if !summary.refused.isEmpty { throw ExitCode(1) }
    }
}

extension ImportedFile.Outcome {
    fileprivate var sentence: String {
        switch self {
        case .imported(let track): "imported" + Self.warning(track)
        case .existing: "already there"
        case .moved: "moved"
        case .updated(let track): "updated" + Self.warning(track)
        case .refused(let reason): "refused: \(reason)"
        }
    }

    private static func warning(_ track: Track) -> String { track.warnings.first.map { ", but: \($0)" } ?? "" }
}

extension ImportSummary {
    /// Paths named for each reason.
    private static let mostPaths = 5

    /// The results that a person can act on. Programs may read the first line.
    fileprivate var text: String {
        var lines = ["\(imported) imported, \(existing) already there, \(refused.count) refused"]
        if moved + updated + warned > 0 { lines.append("\(moved) moved, \(updated) updated, \(warned) with warnings") }
        if passedOver.total > 0 { lines.append(passedOver.text) }
        if playlists > 0 { lines.append("\(playlists) \(playlists == 1 ? "playlist" : "playlists")") }
        for (reason, paths) in refusals {
            lines += ["", "\(paths.count) refused: \(reason)"] + Self.list(paths, of: paths.count)
        }
        if warned > 0 {
            lines += ["", "\(warned) with warnings:"] + Self.list(warnings.map { "\($0.path): \($0.warning)" }, of: warned)
        }
        if missing > 0 {
            let entries = missingEntries.map { "\($0.playlist):\($0.line): \($0.entry)" }
            lines += ["", "\(missing) not found for playlists:"] + Self.list(entries, of: missing, most: entries.count)
        }
        return lines.map { $0.oneLine + "\n" }.joined()
    }

    private static func list(_ items: [String], of count: Int, most: Int = mostPaths) -> [String] {
        let shown = items.prefix(most)
        return shown.map { "  \($0)" } + (count > shown.count ? ["  … and \(count - shown.count) more"] : [])
    }
}
