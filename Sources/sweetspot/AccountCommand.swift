import ArgumentParser
import Audio
import Foundation
import Gateway
import Intake
import Locker

struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account", abstract: "Add, list and remove accounts, and make keys and app passwords for programs.",
        subcommands: [
            Add.self, List.self, SetPlan.self, Key.self, AddAppPassword.self, ImportHistory.self, Remove.self
        ])

    struct Place: ParsableArguments {
        @Option(help: "Directory of the server's files.")
        var data = "data"

        func catalogue() throws -> Catalogue { try openCatalogue(data: data) }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an account; the password is read twice, from standard input if that is not a terminal.")
        @Argument(help: "A name of 1 to 64 characters, without spaces.")
        var name: String
        @Option(help: "A plan of the configuration.")
        var plan = "free"
        @OptionGroup var place: Place

        func run() async throws {
            if let fault = Account.fault(inName: name) {
                throw CommandFailure.usage("account add: a name \(fault) (\(name.printable))")
            }
            try requirePrintable(plan, "account add: --plan")
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
                throw CommandFailure.refused("account \(name) already exists: choose another name")
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
                        "account add: standard input ended before the password was read twice: send it in two lines")
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
            // The account of --open and --token always exists; while it is empty it is not listed.
            for account in try await catalogue.accounts() where account.hasPassword || account.tracks > 0 {
                let login = account.hasPassword ? "" : "\tno login"
                print("\(account.name)\t\(account.plan)\t\(account.tracks) tracks\t\(account.bytes) bytes\(login)")
            }
        }
    }

    struct SetPlan: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "plan", abstract: "Change an account's plan.")
        @Argument var name: String
        @Argument(help: "A plan of the configuration; an unknown plan counts as free.")
        var plan: String
        @OptionGroup var place: Place

        func run() async throws {
            try requirePrintable(plan, "account plan: the plan")
            let catalogue = try place.catalogue()
            defer { try? catalogue.close() }
            _ = try await catalogue.setPlan(plan, account: try await find(name, in: catalogue).id)
        }
    }

    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key for a program; it is shown once, on the last line.")
        @Argument var name: String
        @Option(help: "The key's label.")
        var label = "command line"
        @Option(help: "The key's scopes, separated by commas: stream, library, upload, admin.")
        var scopes = "stream,library,upload"
        @OptionGroup var place: Place

        func run() async throws {
            guard let scopes = Scope(names: scopes.split(separator: ",").map(String.init)), !scopes.isEmpty else {
                throw CommandFailure.usage("account key: --scopes \(scopes) must be a list of stream, library, upload and admin")
            }
            try requirePrintable(label, "account key: --label")
            let catalogue = try place.catalogue()
            defer { try? catalogue.close() }
            let account = try await find(name, in: catalogue)
            let (_, secret) = try await catalogue.addKey(account: account.id, label: label, scopes: scopes)
            print(secret.text)
        }
    }

    struct AddAppPassword: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "app-password",
            abstract: "Make a password for a program that speaks Subsonic; it is shown once, on the last line.")
        @Argument var name: String
        @Option(help: "The password's label: a device, say.")
        var label = "command line"
        @OptionGroup var place: Place

        func run() async throws {
            try requirePrintable(label, "account app-password: --label")
            let catalogue = try place.catalogue()
            defer { try? catalogue.close() }
            let account = try await find(name, in: catalogue)
            let seal = try appPasswordSeal(data: place.data)
            do {
                print(try await catalogue.addAppPassword(account: account.id, label: label, seal: seal).text)
            } catch CatalogueError.tooManyAppPasswords {
                throw CommandFailure.refused(
                    "account \(name) has \(Catalogue.mostAppPasswords) app passwords: revoke one on its account page")
            }
        }
    }

    struct ImportHistory: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import-history",
            abstract: "Take over plays from exports of ListenBrainz and Last.fm: JSON, JSON lines or CSV.")
        private static let piece = 1 << 18

        @Argument(help: "The account; local is the one of --open and --token.")
        var name: String
        @Argument(help: "The exports, unpacked.")
        var files: [String]
        @Option(
            help: """
                The server's configuration file, for how many plays the account's plan keeps and how long. Without it all are \
                taken over, and the server forgets those that it does not keep.
                """)
        var config: String?
        @OptionGroup var place: Place

        func run() async throws {
            let catalogue = try place.catalogue()
            defer { try? catalogue.close() }
            let account = try await find(name, in: catalogue)
            let index = try await catalogue.listenIndex(account: account.id)
            let kept = try await kept(of: account)
            var refused: [String] = []
            for file in files {
                do {
                    var listens = ListenImport(
                        foundBy: index, account: account.id, in: catalogue, keeping: kept.plays, for: kept.age)
                    try await bring(file, &listens)
                    let counts = listens.counts
                    let found = "\(counts.joined) new plays, \(counts.known) known, \(counts.unknown) of unknown tracks"
                    print("\(file): \(found), \(listens.ignored) ignored, \(counts.forgotten) older than what is kept")
                } catch let fault as ListenReader.Malformed {
                    refused.append("\(file), line \(fault.line): \(fault.reason): mend it and send it again")
                }
            }
            if !refused.isEmpty { throw CommandFailure.refused(refused.joined(separator: "; ")) }
        }

        /// How many plays the server keeps of the account, and how long; nil for no bound.
        private func kept(of account: Account) async throws -> (plays: Int?, age: Duration?) {
            guard let config else { return (nil, nil) }
            let configuration = try ServerConfiguration(
                access: .accounts, reading: try await configurationReader(file: config))
            return try configuration.keptHistory(ofPlan: account.hasPassword ? account.plan : nil)
        }

        private func bring(_ file: String, _ listens: inout ListenImport) async throws {
            guard let handle = FileHandle(forReadingAtPath: file) else {
                throw CommandFailure.refused("\(file) cannot be read: name an export")
            }
            defer { try? handle.close() }
            while let bytes = try handle.read(upToCount: Self.piece), !bytes.isEmpty { try await listens.read(bytes) }
            try await listens.finish()
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

private func requirePrintable(_ text: String, _ what: String) throws {
    if text.isEmpty || text.hasControlCharacters {
        throw CommandFailure.usage("\(what) is empty or has control characters: choose another")
    }
}

private func find(_ name: String, in catalogue: Catalogue) async throws -> Account {
    guard let account = try await catalogue.findAccount(named: name) else {
        throw CommandFailure.refused("account \(name) not found: see sweetspot account list")
    }
    return account
}
