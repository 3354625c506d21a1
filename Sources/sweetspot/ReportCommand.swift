import ArgumentParser
import Foundation
import Gateway
import Locker
import NIOCore
import Taste

struct ReportCommand: AsyncParsableCommand {
    enum Mode: String, ExpressibleByArgument, CaseIterable { case k, dp }
    enum Format: String, ExpressibleByArgument, CaseIterable { case csv, json, html }

    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "What was listened to in a month, for rights holders, without who listened.",
        discussion: """
            A month's report is made when it is first asked for, of the accounts that let their taste be learned, and is the same from \
            then on. Mode k, the default, names what at least ten accounts played, with rounded numbers; mode dp adds noise, and suits \
            a thousand accounts and more. On a small server both are empty.
            """)

    @Option(help: "The month, as 2026-10; the last one by default. Days begin and end in UTC.")
    var month: String?
    @Option(help: "k or dp, when the report is made. A month has one report.")
    var mode: Mode?
    @Option(help: "csv, json or html.")
    var format = Format.csv
    @Option(help: "An account that does not count, when the report is made: a rights holder's own. Give one for each.")
    var exclude: [String] = []
    @Option(help: "The most that the reports in mode dp of a calendar year may spend, as rho.")
    var budget = 0.6
    @Option(help: "Directory of the server's files.")
    var data = "data"
    @Option(help: "The file to write, instead of standard output.")
    var output: String?

    func validate() throws {
        guard budget >= 0, budget <= 1_000 else { throw ValidationError("--budget \(budget) must be between 0 and 1000") }
    }

    func run() async throws {
        let now = Int(Date.now.timeIntervalSince1970 * 1000)
        guard let month = month.map({ ReportMonth($0) }) ?? ReportMonth(containing: now)?.previous else {
            throw CommandFailure.usage("report: --month \(self.month ?? "") must be a month: 2026-10, say")
        }
        guard month.times.upperBound <= now else {
            throw CommandFailure.usage("report: --month \(month.text) is not over: wait for its end")
        }
        let catalogue = try openCatalogue(data: data)
        defer { try? catalogue.close() }
        var stored = try await catalogue.report(ofMonth: month.text)
        if stored == nil { stored = try await make(month, in: catalogue) }
        guard let stored else {
            let spent = "the reports of \(month.year) in mode dp have spent the budget of rho \(budget)"
            throw CommandFailure.refused("report: \(spent): wait for the next year, or raise --budget")
        }
        guard mode == nil || mode?.rawValue == stored.mode else {
            throw CommandFailure.refused("report: the report of \(month.text) was made in mode \(stored.mode): leave --mode out")
        }
        let report = try JSONDecoder().decode(Report.self, from: Data(stored.document.utf8))
        if report.privacy != nil { writeErrorLine(report.summary) }
        let file = try OutputFile(path: output)
        switch format {
        case .csv: try file.write(ByteBuffer(string: report.csv))
        case .json: try file.write(ByteBuffer(string: stored.document + "\n"))
        case .html: try file.write(ByteBuffer(string: report.html))
        }
        try file.close()
    }
}
