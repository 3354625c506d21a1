import Foundation
import TestSupport
import Testing

@testable import Taste

/// Accounts and what they played in October 2026.
struct ReportedWorld {
    static let day = 86_400_000

    let month: ReportMonth
    var rules = ReportRules()
    var excluded: Set<Int64> = []
    private(set) var listeners: [ReportListener] = []

    init() throws { month = try #require(ReportMonth(year: 2026, month: 10)) }

    /// Plays on the 2nd and on a later day of the month.
    func plays(
        _ artist: String, _ release: String = "", genre: String? = nil, title: String = "Title", recording: Int64? = nil,
        count: Int = 2, lastDay: Int = 5
    ) -> ReportPlay {
        let start = month.times.lowerBound + Self.day
        return ReportPlay(
            title: title, artist: artist, artists: artist.isEmpty ? [] : [artist], album: release, albumArtist: artist,
            genres: genre.map { [$0] } ?? [], recording: recording, count: count,
            times: start...(start + (lastDay - 2) * Self.day))
    }

    /// As many accounts, with the numbers that come next, that all played the same.
    mutating func add(_ count: Int, created: Int = 0, _ plays: ReportPlay...) {
        for _ in 0..<count { add(plays, created: created) }
    }

    mutating func add(_ plays: [ReportPlay], created: Int = 0) {
        listeners.append(ReportListener(account: Int64(listeners.count + 1), created: created, plays: plays))
    }

    func tally(inOrder order: [ReportListener]? = nil) -> ReportTally {
        var tally = ReportTally(month: month, rules: rules, excluding: excluded)
        for listener in order ?? listeners {
            var generator = SeededGenerator(seed: UInt64(listener.account))
            tally.add(listener, using: &generator)
        }
        return tally
    }

    func report(_ mode: Report.Mode, seed: UInt64 = 1, after before: Report? = nil) -> Report {
        tally().report(mode, after: before, seed: seed)
    }
}

extension ReportTally {
    func report(_ mode: Report.Mode, after before: Report? = nil, reportsOfYear: Int = 0, seed: UInt64) -> Report {
        report(mode, after: before, reportsOfYear: reportsOfYear) { label in
            // FNV-1a.
            let label = label.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            return SeededGenerator(seed: label ^ seed &* 0x9E37_79B9_7F4A_7C15)
        }
    }
}

extension Report {
    /// The listeners of the rows by name.
    func listeners(_ kind: ReportKind) -> [String: Int] {
        Dictionary(self[kind].map { ($0.name, $0.listeners) }, uniquingKeysWith: max)
    }

    /// Everything that leaves the server.
    func texts() throws -> [String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return [csv, html, String(decoding: try encoder.encode(self), as: UTF8.self)]
    }
}
