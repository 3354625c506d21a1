import ArgumentParser
import Gateway
import Locker

struct OffersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offers", abstract: "Check a feed of offers, and show how often each was shown and followed.",
        subcommands: [Check.self, Counts.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Read a feed and its pictures as the server does: a line for each offer, or what is wrong and where.")
        @Argument(help: "The feed: YAML or JSON.")
        var file: String

        func run() throws {
            let check = OfferCheck(file: file)
            for line in check.lines { print(line) }
            for problem in check.problems { print("\(file): \(problem)") }
            guard check.problems.isEmpty else {
                throw CommandFailure.refused(
                    "offers check: \(file) is refused (\(check.problems.count) problem\(check.problems.count == 1 ? "" : "s")): mend it as its lines say"
                )
            }
        }
    }

    struct Counts: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How many accounts were shown an offer on a day, and how many followed it. No account is in that.")
        @Flag(help: "As CSV, with a first line of names.")
        var csv = false
        @Option(help: "Directory of the server's files.")
        var data = "data"

        func run() async throws {
            let catalogue = try openCatalogue(data: data)
            defer { try? catalogue.close() }
            // Ids have no comma, no quote and no tab.
            let separator = csv ? "," : "\t"
            if csv { print("day,offer,shown,clicked") }
            var page: [OfferCount] = []
            repeat {
                page = try await catalogue.offerCounts(after: page.last)
                for count in page {
                    let fields = [CalendarDay.text(count.day), count.offer, "\(count.shown)", "\(count.clicked)"]
                    print(fields.joined(separator: separator))
                }
            } while !page.isEmpty
        }
    }
}
