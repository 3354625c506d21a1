import Foundation
import TestSupport
import Testing

@testable import Taste

/// The attacks on the report in rounded numbers, and those that do not depend on the mode.
struct ReportAttackTests {
    @Test func `differencing in time: what ten heard is absent when nine do`() throws {
        var (first, second) = (try ReportedWorld(), try ReportedWorld())
        for (count, world) in [(10, 0), (9, 1)] {
            var months = [first, second]
            months[world].add(count, months[world].plays("Ten or nine", "Only theirs", genre: "Theirs", recording: 1))
            months[world].add(30, months[world].plays("Others", "Of others", genre: "Wide", title: "Other", recording: 2))
            (first, second) = (months[0], months[1])
        }
        let former = first.report(.k)
        #expect(former.listeners(.artist) == ["Ten or nine": 10, "Others": 30])
        let latter = second.report(.k, after: former)
        #expect(latter.listeners(.artist) == ["Others": 30])
        for text in try latter.texts() { #expect(!text.contains("nine") && !text.contains("heirs")) }
        // Nothing is added up from which nine would follow: every number is of a row.
        #expect(latter.artists == [.init(name: "Others", by: nil, listeners: 30, plays: 60, before: 30)])
    }

    @Test func `differencing in sets: what is left of a broader cell is not that of a hidden one`() throws {
        /// With three listeners whose release is hidden, and with three whose tags have no release.
        let reports = try ["Hidden", ""].map { release in
            var world = try ReportedWorld()
            world.add(20, world.plays("Wide", "First", genre: "Genre"))
            world.add(12, world.plays("Wide", "Second", genre: "Genre"))
            world.add(3, world.plays("Wide", release, genre: "Genre"))
            return world.report(.k)
        }
        #expect(reports[0] == reports[1])
        #expect(reports[0].listeners(.release) == ["First": 20, "Second": 10] && reports[0].listeners(.artist) == ["Wide": 35])
        // Who heard several releases is in some of their cells: they do not add up to the artist's.
        var world = try ReportedWorld()
        for _ in 0..<40 { world.add((0..<3).map { world.plays("Wide", "Release \($0)", genre: "Genre") }) }
        let report = world.report(.k)
        #expect(report.listeners(.artist) == ["Wide": 40] && report.listeners(.release).values.reduce(0, +) > 60)
    }

    @Test func `a release that one account owns makes no row of others vanish`() throws {
        var world = try ReportedWorld()
        world.add(20, world.plays("Wide", "First", genre: "Genre"))
        world.add(11, world.plays("Wide", "Second", genre: "Genre"))
        let former = world.report(.k)
        world.add(1, world.plays("Wide", "secret demo", genre: "Genre"))
        let report = world.report(.k)
        #expect(report.listeners(.release) == former.listeners(.release) && former.releases.count == 2)
    }

    @Test func `a month that is made twice does not show what is between: each count has noise of its own`() throws {
        let noises = try (120..<140).map { count in
            var world = try ReportedWorld()
            world.add(count, world.plays("Wide"))
            return try #require(world.report(.dp).listeners(.artist)["Wide"]) - count
        }
        #expect(Set(noises).count > 1)
    }

    @Test func `membership: one account changes cells of ten listeners alone, by one step`() throws {
        var without = try ReportedWorld()
        for (artist, count) in [("Eight", 8), ("Nine", 9), ("Ten", 10), ("Twenty-two", 22), ("Not theirs", 12)] {
            without.add(count, without.plays(artist))
        }
        var with = without
        let four = ["Eight", "Nine", "Ten", "Twenty-two"].map { with.plays($0, count: 1_000) }
        with.add(1, four[0], four[1], four[2], four[3])
        #expect(without.report(.k).listeners(.artist) == ["Ten": 10, "Twenty-two": 20, "Not theirs": 10])
        #expect(with.report(.k).listeners(.artist) == ["Nine": 10, "Ten": 10, "Twenty-two": 25, "Not theirs": 10])
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `membership: in any world, no other account counts elsewhere and no cell changes by more`(seed: UInt64) throws {
        let world = try Self.random(seed)
        let tallies = (world.tally(), world.tally(inOrder: Array(world.listeners.dropFirst())))
        let changed = tallies.0.cells.filter { $0.value.listeners != (tallies.1.cells[$0.key]?.listeners ?? 0) }
        #expect(changed.count <= 10)
        #expect(changed.allSatisfy { $0.value.listeners == (tallies.1.cells[$0.key]?.listeners ?? 0) + 1 })
        let (one, other) = (tallies.0.report(.k, seed: 1), tallies.1.report(.k, seed: 1))
        for kind in ReportKind.allCases {
            let (with, without) = (one.listeners(kind), other.listeners(kind))
            for name in Set(with.keys).union(without.keys) {
                // A row comes or goes only where the account is the tenth listener.
                let change = (with[name] ?? 5) - (without[name] ?? 5)
                #expect(change == 0 || change == 5, "\(name)")
                if without[name] == nil { #expect(with[name] == 10) }
            }
        }
    }

    @Test(arguments: Report.Mode.allCases)
    func `rare item: what one account owns is in no text`(mode: Report.Mode) throws {
        var world = try ReportedWorld()
        world.add(200, world.plays("Wide", "Album", genre: "Genre", recording: 1))
        let demo = world.plays(
            "secret artist", "secret release", genre: "secret genre", title: "secret demo", recording: 2, count: 9_999)
        world.add(1, demo, world.plays("Wide", "Album", genre: "Genre", recording: 1))
        let tally = world.tally()
        for seed in 1...200 as ClosedRange<UInt64> {
            let report = tally.report(mode, seed: seed)
            #expect(!report.isEmpty)
            for text in try report.texts() where text.contains("secret") { Issue.record("\(text)") }
        }
    }

    @Test func `sybils: young accounts, accounts of one day and the holder's own complete no cell`() throws {
        var world = try ReportedWorld()
        let (end, day) = (world.month.times.upperBound, ReportedWorld.day)
        world.add(1, world.plays("Victim's"))
        // A millisecond too young.
        world.add(9, created: end - 30 * day + 1, world.plays("Victim's"))
        // All on one day, however often.
        world.add(9, world.plays("Victim's", count: 500, lastDay: 2))
        world.excluded = Set((20...28).map(Int64.init))
        world.add(9, world.plays("Victim's"))
        #expect(world.report(.k).isEmpty)
        // Nine more that count are enough, so each of the three rules was needed.
        world.add(9, created: end - 30 * day, world.plays("Victim's"))
        #expect(world.report(.k).listeners(.artist) == ["Victim's": 10])
    }

    @Test func `sybils: a forged fingerprint does not tell what a recording is called`() throws {
        var world = try ReportedWorld()
        world.add(1, world.plays("Ada", title: "secret demo", recording: 7))
        world.add(9, world.plays("Forger", title: "forged", recording: 7))
        #expect(world.report(.k).isEmpty)
        // Nor do two of the same name become one.
        world.add(9, world.plays("Forger", title: "forged", recording: 8))
        #expect(world.report(.k).recordings.isEmpty)
    }

    @Test(arguments: Report.Mode.allCases)
    func `averaging: a thousand reports of the same month are one`(mode: Report.Mode) throws {
        let world = try Self.random(5)
        let first = world.tally().report(mode, seed: 9)
        var reversed = world.tally(inOrder: world.listeners.reversed())
        for _ in 0..<1_000 where reversed.report(mode, seed: 9) != first { Issue.record("another report") }
        reversed = world.tally()
        #expect(try reversed.report(mode, seed: 9).texts() == first.texts())
    }

    @Test func `dominance: one account's plays are clamped, and no count of plays is published`() throws {
        func world(_ plays: Int) throws -> Report {
            var world = try ReportedWorld()
            world.add(11, world.plays("Artist", count: 1))
            world.add(1, world.plays("Artist", count: plays))
            return world.report(.k)
        }
        let report = try world(.max)
        #expect(report == (try world(20)))
        // 31 plays that count of 12 listeners: a mean of 2.6, published as 2.
        #expect(report.artists == [.init(name: "Artist", by: nil, listeners: 10, plays: 20, before: nil)])
        for (mean, count) in [(1, 1), (2, 2), (5, 4), (10, 8), (20, 15), (20, 1_000)] {
            var world = try ReportedWorld()
            world.add(12, world.plays("Artist", count: count))
            #expect(world.report(.k).artists.first?.plays == 10 * mean)
        }
    }

    @Test(arguments: Report.Mode.allCases)
    func `homogeneity: a row has a name and numbers, and nothing else of its listeners`(mode: Report.Mode) throws {
        var world = try ReportedWorld()
        world.add(200, world.plays("Wide", "Album", genre: "Genre", recording: 1))
        let report = world.report(mode, after: world.report(mode))
        let document = try JSONSerialization.jsonObject(with: Data(try report.texts()[2].utf8)) as? [String: Any]
        let rows = ["artists", "releases", "genres", "recordings"].flatMap { document?[$0] as? [[String: Any]] ?? [] }
        #expect(rows.count == 4)
        for row in rows { #expect(Set(row.keys).isSubset(of: ["name", "by", "listeners", "plays", "before"])) }
        let other: Set<String> = ["month", "mode", "note", "least", "privacy", "artists", "releases", "genres", "recordings"]
        let members = (document ?? [:]).keys
        #expect(members.allSatisfy(other.contains) && !members.isEmpty)
    }

    @Test(arguments: Report.Mode.allCases)
    func `leaks: hidden cells leave no row, no gap and no order`(mode: Report.Mode) throws {
        var world = try ReportedWorld()
        for name in ["b", "a", "é", "Z", "c"] { world.add(150, world.plays(name)) }
        let report = world.report(mode)
        #expect(report.artists.map(\.name) == ["Z", "a", "b", "c", "é"])
        var hidden = world
        for name in ["aa", "B", "zz"] { hidden.add(9, hidden.plays(name)) }
        #expect(try hidden.report(mode).texts() == report.texts())
        let tally = world.tally(inOrder: world.listeners.reversed())
        #expect(try tally.report(mode, seed: 1).texts() == report.texts())
    }

    @Test(arguments: Report.Mode.allCases)
    func `small server: the report is empty, and equal for no, three and nine accounts`(mode: Report.Mode) throws {
        let reports = try [0, 3, 9].map { count in
            var world = try ReportedWorld()
            world.add(count, world.plays("Artist", "Album", genre: "Genre", recording: 1))
            return world.report(mode)
        }
        #expect(reports[0].isEmpty && Set(reports).count == 1)
        #expect(reports[0].note.hasPrefix("Fewer than \(mode == .k ? 10 : 62) listeners take part"))
        for text in try reports[0].texts() { #expect(text.contains(reports[0].note)) }
    }

    /// Accounts that play much: more than they count in, with names that follow a power law.
    private static func random(_ seed: UInt64) throws -> ReportedWorld {
        var world = try ReportedWorld()
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<120 {
            let plays = (0..<Int.random(in: 1...25, using: &generator)).map { _ in
                let artist = Int(12 * pow(Double.random(in: 0..<1, using: &generator), 2))
                let release = Int.random(in: 0..<3, using: &generator)
                return world.plays(
                    "artist \(artist)", "release \(artist).\(release)", genre: "genre \(artist % 3)", title: "\(release)",
                    recording: Int64(artist * 3 + release), count: Int.random(in: 1...40, using: &generator))
            }
            world.add(plays)
        }
        return world
    }
}
