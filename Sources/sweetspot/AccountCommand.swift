import ArgumentParser
import Audio
import Foundation
import Gateway
import Intake
import Locker

struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Add, list and remove accounts, and make keys for programs.",
        subcommands: [Add.self, List.self, SetPlan.self, Key.self, Remove.self])

    struct Place: ParsableArguments {
        @Option(help: "Directory of the server's files.")
        var data = "data"

        func catalogue() throws -> Catalogue { try openCatalogue(data: data) }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an account; the password is read twice, from standard input where that is no terminal.")
        @Argument(help: "A name of 1 to 64 characters, without spaces.")
        var name: String
        @Option(help: "A plan of the configuration.")
        var plan = "free"
        @OptionGroup var place: Place

        func run() async throws {
            if let fault = Account.fault(inName: name) { throw CommandFailure.usage("account add: a name \(fault) (\(name))") }
            let catalogue = try place.catalogue()
            defer { try? catalogue.close() }
            let password = try readPassword()
            guard let hash = PasswordHash(of: password) else {
                throw CommandFailure.usage(
                    "account add: a password has \(PasswordHash.lengths.lowerBound) to \(PasswordHash.lengths.upperBound) bytes: choose another"
                )
            }
            do {
                _ = try await catalogue.addAccount(named: name, password: hash, plan: plan)
            } catch CatalogueError.nameTaken {
                throw CommandFailure.refused("there is an account \(name) already: choose another name")
            }
        }

        /// Two equal lines.
        private func readPassword() throws -> String {
            let isTerminal = isatty(STDIN_FILENO) == 1
            var lines: [String] = []
            for prompt in ["Password: ", "Again: "] {
                if isTerminal { writeError(prompt) }
                guard let line = isTerminal ? Self.readHidden() : readLine() else {
                    throw CommandFailure.usage(
                        "account add: the password is read twice from standard input, which ended: send it in two lines")
                }
                if isTerminal { writeError("\n") }
                lines.append(line)
            }
            guard lines[0] == lines[1] else { throw CommandFailure.usage("account add: the two passwords differ: try again") }
            return lines[0]
        }

        /// A line that the terminal does not show.
        private static func readHidden() -> String? {
            var settings = termios()
            guard unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else { return readLine() }
            var hidden = settings
            hidden.c_lflag &= ~tcflag_t(ECHO)
            _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
            defer { _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) }
            return readLine()
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the accounts: name, plan, tracks, bytes.")
        @OptionGroup var place: Place

        func run() async throws {
            let catalogue = try place.catalogue()
            defer { try? catalogue.close() }
            // That of --open and --token is there from the start, and nobody's while it is empty.
            for account in try await catalogue.accounts() where account.hasPassword || account.tracks > 0 {
                let login = account.hasPassword ? "" : "\tno login"
                print("\(account.name)\t\(account.plan)\t\(account.tracks) tracks\t\(account.bytes) bytes\(login)")
            }
        }
    }

    struct SetPlan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "plan", abstract: "Give an account another plan.")
        @Argument var name: String
        @Argument(help: "A plan of the configuration; one it does not have counts as free.")
        var plan: String
        @OptionGroup var place: Place

        func run() async throws {
            let catalogue = try place.catalogue()
            defer { try? catalogue.close() }
            _ = try await catalogue.setPlan(plan, account: try await find(name, in: catalogue).id)
        }
    }

    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key for a program; it is shown once, on the last line.")
        @Argument var name: String
        @Option(help: "What to call it.")
        var label = "command line"
        @Option(help: "What it is for, with commas: stream, library, upload, admin.")
        var scopes = "stream,library,upload"
        @OptionGroup var place: Place

        func run() async throws {
            guard let scopes = Scope(names: scopes.split(separator: ",").map(String.init)), !scopes.isEmpty else {
                throw CommandFailure.usage("account key: --scopes \(scopes) are not some of stream, library, upload, admin")
            }
            let catalogue = try place.catalogue()
            defer { try? catalogue.close() }
            let account = try await find(name, in: catalogue)
            let (_, secret) = try await catalogue.addKey(account: account.id, label: label, scopes: scopes)
            print(secret.text)
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove an account and everything in it.")
        @Argument var name: String
        @OptionGroup var place: Place

        func run() async throws {
            let (intake, account) = try await openIntake(data: place.data, account: name, limits: .init())
            defer { try? intake.close() }
            let tracks = try await intake.removeAccount(account)
            print("\(name) removed, with \(tracks) tracks")
        }
    }
}

private func find(_ name: String, in catalogue: Catalogue) async throws -> Account {
    guard let account = try await catalogue.findAccount(named: name) else {
        throw CommandFailure.refused("there is no account \(name): sweetspot account list shows those there are")
    }
    return account
}
