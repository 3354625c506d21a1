import ArgumentParser
import Foundation
import Gateway
import Intake

struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Ingest files and folders.")

    @Argument(help: "Audio files, and folders to search for them.")
    var paths: [String]
    @Option(help: "Directory of the server's files.")
    var data = "data"
    @Option(help: "Account to import into.")
    var account: String?
    @Flag(help: "Hard-link the originals instead of copying them.")
    var link = false

    func run() async throws {
        let isTerminal = isatty(STDERR_FILENO) == 1
        let bar = ProgressBar("import")
        let (intake, account) = try await openIntake(data: data, account: account)
        let summary = await intake.importPaths(paths, account: account, link: link) { progress in
            if let file = progress.latest, !isTerminal || progress.lastRefusal != nil {
                bar.clear()
                writeError("\(file.path): \(file.outcome.sentence)\n")
            }
            bar.update(done: progress.done, total: progress.total)
        }
        bar.clear()
        print("\(summary.imported) imported, \(summary.existing) already there, \(summary.refused.count) refused")
        if !summary.refused.isEmpty { throw ExitCode(1) }
    }
}

extension ImportedFile.Outcome {
    fileprivate var sentence: String {
        switch self {
        case .imported: "imported"
        case .existing: "already there"
        case .refused(let reason): "refused: \(reason)"
        }
    }
}
