import Foundation
import TestSupport
import Testing

@testable import Taste

/// Attacks on the report with noise, each over ten thousand seeded runs: what an attacker who knows everything but whether one account is
/// in it learns from the best statistic there is.
struct ReportMembershipTests {
    private static let runs = Program.isLong ? 100_000 : 10_000
    private static let epsilon = 1.72

    @Test func `with and without an account of ten cells, no outcome is e^ε times likelier`() throws {
        let gap = try Self.gap(deviation: 10, of: Self.sum)
        print("empirical ε of membership over \(Self.runs) runs: \(gap.epsilon), of \(Self.epsilon)")
        #expect(gap.epsilon <= Self.epsilon && gap.excess <= 0)
        // Seen: the two do differ.
        #expect(gap.epsilon > 0.3)
    }

    @Test func `the same attack finds out who is in a report with a tenth of the noise`() throws {
        let gap = try Self.gap(deviation: 1, of: Self.sum)
        #expect(gap.epsilon > 2 * Self.epsilon && gap.excess > 0.3)
    }

    @Test func `differencing in time: one listener less in a cell is hidden in the noise`() throws {
        let gap = try Self.gap(deviation: 10) { $0.artists.first?.listeners ?? 0 }
        #expect(gap.epsilon <= Self.epsilon && gap.excess <= 0)
    }

    @Test func `differencing in time: a cell of nine is never published, and one of ten as good as never`() throws {
        for count in [9, 10] {
            var world = try ReportedWorld()
            world.add(count, world.plays("Artist"))
            let tally = world.tally()
            let published = (0..<Self.runs).count { !tally.report(.dp, seed: UInt64($0)).isEmpty }
            #expect(published <= (count == 9 ? 0 : 1))
        }
        // As good as never: the exact sum of what is left beyond the threshold.
        let rules = ReportRules()
        #expect(rules.threshold == 62)
        let weights = (-400...400).map { (value: $0, weight: exp(-Double($0 * $0) / 200)) }
        let tail = weights.filter { $0.value >= rules.threshold - 10 }.reduce(0) { $0 + $1.weight }
        let share = tail / weights.reduce(0) { $0 + $1.weight }
        let delta = try #require(ReportedWorld().report(.dp).privacy?.delta)
        #expect(share < 1.4e-7 && 1e-6 + Double(rules.cells) * share <= delta, "\(share)")
    }

    @Test func `a report says what it spends, and a year of them adds up`() throws {
        let tally = try ReportedWorld().tally()
        let first = try #require(tally.report(.dp, seed: 1).privacy)
        #expect(first.rho == 0.05 && first.epsilon == 1.72 && first.cells == 10 && first.deviation == 10)
        #expect(first.rhoOfYear == 0.05 && first.epsilonOfYear == 1.72)
        let last = try #require(tally.report(.dp, reportsOfYear: 11, seed: 1).privacy)
        #expect(last.rhoOfYear == 0.6 && last.epsilonOfYear == 6.36)
        #expect(tally.report(.k, seed: 1).privacy == nil)
        let report = tally.report(.dp, reportsOfYear: 11, seed: 1)
        for text in [report.csv, report.html] { #expect(text.contains("rho 0.6; epsilon 6.36")) }
    }

    @Test func `plays are not published with noise`() throws {
        var world = try ReportedWorld()
        world.add(200, world.plays("Artist", "Album", genre: "Genre", recording: 1))
        let report = world.report(.dp)
        #expect(ReportKind.allCases.allSatisfy { report[$0].count == 1 && report[$0][0].plays == nil })
        #expect(report.artists[0].listeners != 200 || report.releases[0].listeners != 200)
    }

    /// How far apart the statistic's distributions are with and without an account: the largest logarithm of the ratio of the
    /// probabilities of going beyond some value, and by how much the larger is beyond e^ε times the smaller and what chance explains.
    private static func gap(
        deviation: Int, of statistic: (Report) -> Int
    ) throws -> (epsilon: Double, excess: Double) {
        var world = try ReportedWorld()
        world.rules.deviation = deviation
        for _ in 0..<120 { world.add(tenCells(world)) }
        let without = world.tally()
        world.add(tenCells(world))
        let with = world.tally()
        let values = [without, with].enumerated().map { place, tally in
            (0..<runs).map { statistic(tally.report(.dp, seed: UInt64($0 * 2 + place))) }.sorted()
        }
        var (epsilon, excess) = (0.0, -1.0)
        for value in Set(values[0] + values[1]) {
            let counts = values.map { values in Double(values.count - below(value, in: values)) }
            for (likely, other) in [(counts[1], counts[0]), (Double(runs) - counts[0], Double(runs) - counts[1])] {
                let (one, two) = (likely / Double(runs), other / Double(runs))
                // Four deviations of what is counted.
                let chance = 4 * (one / Double(runs)).squareRoot() + 4 * exp(Self.epsilon) * (two / Double(runs)).squareRoot()
                excess = max(excess, one - exp(Self.epsilon) * two - chance - 2.4e-6)
                if other >= 50 { epsilon = max(epsilon, log(likely / other)) }
            }
        }
        return (epsilon, excess)
    }

    /// The listeners of all rows: all of them are of the account's cells.
    private static func sum(of report: Report) -> Int {
        ReportKind.allCases.reduce(0) { sum, kind in report[kind].reduce(sum) { $0 + $1.listeners } }
    }

    /// Values below one, by bisection.
    private static func below(_ value: Int, in sorted: [Int]) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func tenCells(_ world: ReportedWorld) -> [ReportPlay] {
        (0..<4).map { number -> ReportPlay in
            guard number < 2 else { return world.plays("artist \(number)") }
            let name = "\(number)"
            return world.plays("artist " + name, "release " + name, genre: "genre " + name, recording: Int64(number))
        }
    }
}
