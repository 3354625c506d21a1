import ArgumentParser
import Audio
import Crypto
import Foundation
import Gateway
import Intake
import Logging
import NIOCore
import NIOPosix
import Push
import Streaming

struct PushCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Bring a remote locker up to date with local folders.")

    @Argument(help: "Audio files, playlists, and folders to search for them.")
    var paths: [String]
    @Option(help: "The server's address: https://HOST.")
    var server: String
    @Option(
        name: [.customLong("key"), .customLong("token")],
        help: """
            An API key for uploads (and the library, for playlists), as sweetspot account key prints it. Every user of this machine \
            can read it here: use --token-file, or the environment's SWEETSPOT_TOKEN.
            """)
    var givenKey: String?
    @Option(
        name: [.customLong("token-file"), .customLong("key-file")],
        help: "The same, with the key in this file, which only you may be able to read.")
    var keyFile: String?
    @Flag(help: "Send small renditions (opus-48), without covers and lyrics, instead of the files: 1,200 to 1,600 songs in 2 GB.")
    var compact = false
    @Flag(help: "Only report what would be sent.")
    var dryRun = false
    @Option(help: "Files sent at once.")
    var jobs = 4

    func validate() throws {
        try secret.validate()
        guard (1...64).contains(jobs) else { throw ValidationError("--jobs \(jobs) must be between 1 and 64") }
    }

    private var secret: GivenSecret { GivenSecret(text: givenKey, file: keyFile, options: ("--key", "--token-file")) }

    func run() async throws {
        guard let key = try secret.value(), !key.isEmpty else {
            throw CommandFailure.usage("push: no key given (--key): set SWEETSPOT_TOKEN, or give --token-file")
        }
        for path in paths where !FileManager.default.fileExists(atPath: path) {
            throw CommandFailure.refused("\(path) not found")
        }
        let found = FoundFiles(under: paths)
        do throws(PushError) {
            let push = try Push(
                server: server, key: key, statePath: Self.statePath(server, key), jobs: jobs,
                compact: compact ? try compactCopy() : nil)
            try await send(found, with: push)
        } catch {
            switch error {
            case .badServer(let text): throw CommandFailure.usage("--server: \(text)")
            case .badKey(let text): throw CommandFailure.usage("--key: the server refuses it: \(text)")
            default: throw CommandFailure.internal("push: \(error)")
            }
        }
    }

    private func send(_ found: FoundFiles, with push: Push) async throws(PushError) {
        let isTerminal = isatty(STDERR_FILENO) == 1
        let bar = ProgressBar("push", counts: true, unit: .bytes)
        let summary: Push.Summary
        do {
            summary = try await push.run(
                found.songs.map(LocalFile.init), playlists: found.playlists.map(LocalFile.init), isDry: dryRun
            ) { progress in
                if let (file, outcome) = progress.latest, let text = outcome.sentence(isDry: dryRun, isTerminal: isTerminal) {
                    bar.clear()
                    writeErrorLine("\(file.text): \(text)")
                }
                bar.update(done: progress.done, total: progress.total)
            }
        } catch let error as PushError {
            bar.clear()
            throw error
        } catch {
            bar.clear()
            throw .unreachable("\(error)")
        }
        bar.clear()
        print(summary.text(isDry: dryRun, passedOver: found.passedOver), terminator: "")
        if !summary.refused.isEmpty { Foundation.exit(1) }
    }

    /// One file for each server and key, by the hash of both.
    private static func statePath(_ server: String, _ key: String) -> String {
        let environment = ProcessInfo.processInfo.environment
        let base = environment["XDG_STATE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory() + "/.local/state"
        let name = SHA256.hash(data: Array("\(server)\n\(key)".utf8)).prefix(8).map { String($0, radix: 16) }.joined()
        return "\(base)/sweetspot/push-\(name).json"
    }

    /// Makes the small rendition of a file, in a temporary file; nil if it would not be smaller.
    private func compactCopy() throws(PushError) -> Push.Compact {
        guard let executable = try? requireCodec() else { throw .state("sweetspot-codec is not beside this program") }
        return { file in
            let examination = try await Examination(path: file.text, codecExecutable: executable, limits: .ofCommandLine())
            guard examination.map.canBeCompact else { return nil }
            let folder = FileManager.default.temporaryDirectory.path
            let path = "\(folder)/sweetspot-\(UUID().uuidString).opus"
            do {
                let sink = try OutputFile(path: path)
                var length = 0
                try await StreamEngine.render(
                    .compact, of: examination.hash, in: examination, executable: executable,
                    eventLoopGroup: .singletonMultiThreadedEventLoopGroup,
                    logger: Logger(label: "push") { _ in SwiftLogNoOpLogHandler() }
                ) { bytes in
                    length += bytes.readableBytes
                    try sink.write(bytes)
                }
                try sink.close()
                if length < examination.map.originalBytes { return LocalFile(path: Array(path.utf8)) }
            } catch {
                try? FileManager.default.removeItem(atPath: path)
                throw error
            }
            try? FileManager.default.removeItem(atPath: path)
            return nil
        }
    }
}

extension Push.Outcome {
    /// Nil for results that a terminal shows only in its bar.
    fileprivate func sentence(isDry: Bool, isTerminal: Bool) -> String? {
        switch self {
        case .sent: isDry ? "to be sent" : isTerminal ? nil : "sent"
        case .known: nil
        case .refused(let reason): "refused: \(reason)"
        }
    }
}

extension Push.Summary {
    /// Programs may read the first line.
    fileprivate func text(isDry: Bool, passedOver: PassedOver) -> String {
        var lines = ["\(sent) \(isDry ? "to send" : "sent"), \(known) already there, \(refused.count) refused"]
        if bytes > 0 || playlists > 0 {
            lines.append("\(ProgressPace.Unit.bytes.text(Double(bytes))) sent, \(playlists) playlists")
        }
        if passedOver.total > 0 { lines.append(passedOver.text) }
        if !missing.isEmpty { lines += ["", "\(missing.count) not found for playlists:"] }
        for entry in missing { lines.append("  \(entry.playlist.text):\(entry.line): \(entry.entry)") }
        return lines.map { $0.oneLine + "\n" }.joined()
    }
}
