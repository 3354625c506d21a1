import ArgumentParser
import CodecProcess
import Gateway
import Glibc

/// The command line's entry: parses, runs, and turns any error into one line and an exit code.
@main
struct Main {
    static func main() async {
        ignoreBrokenPipes()
        do {
            var command = try Sweetspot.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            report(failure.description)
            exit(failure.status)
        } catch let invalid as ServerConfiguration.Invalid {
            report(invalid.description)
            exit(EX_USAGE)
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch {
            let status = Sweetspot.exitCode(for: error)
            // Help and version are "errors" of status 0 that print on stdout.
            if status == .success { Sweetspot.exit(withError: error) }
            if status == .validationFailure {
                report("\(Sweetspot.message(for: error)): see sweetspot --help")
                exit(EX_USAGE)
            }
            report("\(error)")
            exit(EX_SOFTWARE)
        }
    }

    private static func report(_ message: String) {
        writeErrorLine("sweetspot: \(message)")
    }
}

struct Sweetspot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweetspot",
        abstract: "A personal music locker that streams every track at the bitrate your network can carry.",
        version: sweetspotVersion,
        subcommands: [
            Serve.self, Import.self, PushCommand.self, Transcode.self, Inspect.self, AccountCommand.self, ReportCommand.self,
            OffersCommand.self, Tune.self
        ])
}

/// Ends the program with one line on stderr: what was wrong (which file or option): what to do.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String
    let status: Int32

    /// At least one input was refused.
    static func refused(_ description: String) -> CommandFailure {
        CommandFailure(description: description, status: 1)
    }

    static func usage(_ description: String) -> CommandFailure {
        CommandFailure(description: description, status: EX_USAGE)
    }

    static func `internal`(_ description: String) -> CommandFailure {
        CommandFailure(description: description, status: EX_SOFTWARE)
    }
}
