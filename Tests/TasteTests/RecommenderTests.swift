import Foundation
import Testing

@testable import Taste

/// What is ranked first: by ratios of weights alone, by artists where tracks lead nowhere, and something else after the next play.
struct RecommenderTests {
    private let interactions = Interactions(RandomListening(seed: 3).rows)
    private let recommender = Recommender(walk: Walk(support: 2))

    /// The best items that are no seeds.
    private func best(
        _ recommender: Recommender, from seeds: [Seed], in interactions: Interactions, artists: Artists? = nil,
        without account: Int32? = nil
    ) -> [Int32] {
        let own = Set(seeds.map(\.item))
        return recommender.scores(from: seeds, in: interactions, artists: artists, without: account)
            .best(20) { !own.contains($0) }.map(\.item)
    }

    @Test func `a play changes the next answer`() {
        let seeds = interactions.seeds(of: 8)
        let before = best(recommender, from: seeds, in: interactions, without: 8)
        let played = (seeds + [Seed(item: before[3], weight: 50)]).sorted { $0.item < $1.item }
        let after = best(recommender, from: played, in: interactions, without: 8)
        #expect(after.count == 20 && after != before)
        let reasons = recommender.walk.reasons(for: [after[0]], from: played, in: interactions, without: 8)
        #expect(reasons[0].contains { $0.seed == before[3] })
    }

    @Test(arguments: [1e-36, 1e-9, 1e9, 1e36] as [Float])
    func `only ratios of weights count`(scale: Float) {
        let seeds = interactions.seeds(of: 8)
        let scaled = seeds.map { Seed(item: $0.item, weight: $0.weight * scale) }
        let list = best(recommender, from: scaled, in: interactions, without: 8)
        #expect(list == best(recommender, from: seeds, in: interactions, without: 8))
    }

    @Test func `artists lead to tracks that no pair of tracks leads to`() {
        // Tracks 0 to 9 of artist 0, 10 to 19 of artist 1; nobody has two of the same pair.
        let rows = (0..<10 as Range<Int32>).flatMap { account in
            [Preference(account: account, item: account, weight: 1), Preference(account: account, item: 10 + account, weight: 1)]
        }
        let interactions = Interactions(rows)
        let artists = Artists((0..<20).map { $0 / 10 }, of: interactions)
        let recommender = Recommender(artistShare: 0.3)
        #expect(best(recommender, from: [Seed(item: 0)], in: interactions, without: 0).isEmpty)
        let list = best(recommender, from: [Seed(item: 0)], in: interactions, artists: artists, without: 0)
        #expect(list.contains { $0 >= 10 })
        #expect(Artists([-7, .max, 3], of: interactions).artist(of: 0) == nil)
        #expect(Artists([], of: interactions).seeds([Seed(item: 5)]).isEmpty)
    }

    @Test func `conjugate gradients solve the regression`() {
        let ridge = Ridge(neighbours: 40, steps: 60)
        let accounts = (0..<40 as Range<Int32>).filter { !interactions.items(of: $0).isEmpty }
        let system = RidgeSystem(accounts, ridge: ridge, interactions: interactions)
        let seeds = interactions.seeds(of: 77)
        let solved = system.mixture(for: seeds, steps: 60) ?? []
        // The same system in Double, by elimination.
        let rows = accounts.map { account in
            Dictionary(
                uniqueKeysWithValues: interactions.items(of: account).map { item in
                    (
                        item,
                        pow(Double(interactions.items(of: account).count), -0.25)
                            * pow(Double(interactions.accountCount(of: item)), -0.1)
                    )
                })
        }
        let heaviest = Double(seeds.map(\.weight).max() ?? 1)
        let own = Dictionary(
            uniqueKeysWithValues: seeds.map {
                ($0.item, Double($0.weight) / heaviest * pow(Double(interactions.accountCount(of: $0.item)), -0.1))
            })
        func dot(_ one: [Int32: Double], _ other: [Int32: Double]) -> Double {
            one.reduce(0) { $0 + $1.value * (other[$1.key] ?? 0) }
        }
        let mean = rows.reduce(0) { $0 + dot($1, $1) } / Double(rows.count)
        var equations = rows.indices.map { row in
            rows.indices.map { dot(rows[row], rows[$0]) + (row == $0 ? 10 * mean : 0) } + [dot(rows[row], own)]
        }
        for pivot in rows.indices {
            for row in rows.indices where row != pivot {
                let factor = equations[row][pivot] / equations[pivot][pivot]
                for place in pivot...rows.count { equations[row][place] -= factor * equations[pivot][place] }
            }
        }
        for row in rows.indices {
            #expect(abs(Double(solved[row]) - equations[row][rows.count] / equations[row][row]) < 1e-4)
        }
    }

    @Test func `nothing known, nothing ranked`() {
        #expect(recommender.scores(from: [], in: interactions).items.isEmpty)
        #expect(recommender.scores(from: [Seed(item: 1)], in: Interactions()).items.isEmpty)
        for count in [0, -1] { #expect(recommender.scores(from: [Seed(item: 1)], in: interactions).best(count).isEmpty) }
        #expect(Ridge(neighbours: -1, penalty: .nan, activity: .infinity, steps: .max).steps == 100)
    }
}
