import Crypto
import Foundation
import Gateway
import Locker
import Taste

extension ReportCommand {
    /// Makes the month's report and stores it; nil if the budget is spent.
    func make(_ month: ReportMonth, in catalogue: Catalogue) async throws -> StoredReport? {
        var excluded: Set<Int64> = []
        for name in exclude {
            guard let account = try await catalogue.findAccount(named: name) else {
                throw CommandFailure.refused("report: account \(name) not found (--exclude): see sweetspot account list")
            }
            excluded.insert(account.id)
        }
        let key = SymmetricKey(data: try reportKey(data: data))
        var tally = ReportTally(month: month, excluding: excluded)
        for account in try await catalogue.reportedAccounts() {
            var plays: [ReportPlay] = []
            var page: [ReportedPlays] = []
            repeat {
                page = try await catalogue.reportedPlays(account: account.id, in: month.times, after: page.last?.track)
                plays += page.map(ReportPlay.init)
            } while !page.isEmpty
            var numbers = KeyedNumbers(key: key, label: "\(month.text)\u{2}choice\u{2}\(account.id)")
            tally.add(ReportListener(account: account.id, created: account.created, plays: plays), using: &numbers)
        }
        var before: Report?
        if let former = month.previous, let stored = try await catalogue.report(ofMonth: former.text) {
            before = try JSONDecoder().decode(Report.self, from: Data(stored.document.utf8))
        }
        let mode: Report.Mode = mode == .dp ? .dp : .k
        let reports = try await catalogue.reportCount(ofYear: month.year, mode: mode.rawValue)
        let report = tally.report(mode, after: before, reportsOfYear: reports) {
            KeyedNumbers(key: key, label: "\(month.text)\u{2}noise\u{2}\($0)")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = String(decoding: try encoder.encode(report), as: UTF8.self)
        let most = mode == .dp ? Int(budget / tally.rules.rho + 1e-9) : 12
        return try await catalogue.add(StoredReport(month: month.text, mode: mode.rawValue, document: document), most: most)
    }
}

extension ReportPlay {
    fileprivate init(_ plays: ReportedPlays) {
        self.init(
            title: plays.title, artist: plays.artist, artists: plays.artists, album: plays.album,
            albumArtist: plays.albumArtist, genres: plays.genres, recording: plays.recording, count: plays.count,
            times: plays.times)
    }
}
