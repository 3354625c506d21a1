import Foundation
import Testing

@testable import Taste

/// What is suggested: not what one has, not what few have, and something else after the next play.
struct RecommenderTests {
    private let interactions = Interactions(RandomListening(seed: 3).rows)
    private let recommender = Recommender(walk: Walk(support: 2), naming: 3)

    @Test func `suggestions are neither own nor hidden, and have reasons`() {
        let seeds = interactions.seeds(of: 8)
        let list = recommender.suggestions(from: seeds, in: interactions, without: 8)
        #expect(list.count == 20)
        #expect(list.allSatisfy { suggestion in !seeds.contains { $0.item == suggestion.item } && !suggestion.reasons.isEmpty })
        let hidden = Set(list.prefix(5).map(\.item))
        let rest = recommender.suggestions(from: seeds, in: interactions, without: 8, hidden: hidden)
        #expect(hidden.isDisjoint(with: rest.map(\.item)))
        #expect(rest.first?.item == list[5].item)
    }

    @Test func `a play changes the next answer`() {
        var interactions = interactions
        let before = recommender.suggestions(from: interactions.seeds(of: 8), in: interactions, without: 8)
        interactions.add(50, to: before[3].item, of: 8)
        let after = recommender.suggestions(from: interactions.seeds(of: 8), in: interactions, without: 8)
        #expect(!after.contains { $0.item == before[3].item })
        #expect(after.map(\.item) != before.map(\.item))
        #expect(after[0].reasons.contains { $0.seed == before[3].item })
    }

    @Test(arguments: [1e-36, 1e-9, 1e9, 1e36] as [Float])
    func `only ratios of weights count`(scale: Float) {
        let seeds = interactions.seeds(of: 8)
        let scaled = seeds.map { Seed(item: $0.item, weight: $0.weight * scale) }
        let list = recommender.suggestions(from: scaled, in: interactions, without: 8).map(\.item)
        #expect(list == recommender.suggestions(from: seeds, in: interactions, without: 8).map(\.item))
    }

    @Test func `others' suggestions stay as they are until the batch`() {
        var interactions = interactions
        let before = recommender.suggestions(from: interactions.seeds(of: 8), in: interactions, without: 8)
        for item in 0..<40 as Range<Int32> { interactions.add(3, to: item, of: 9) }
        #expect(recommender.suggestions(from: interactions.seeds(of: 8), in: interactions, without: 8) == before)
    }

    @Test func `an item that few have is never named to who does not have it`() {
        // Four accounts like both; item 1 is a demo of theirs.
        let rows = (0..<4 as Range<Int32>).flatMap { account in
            [Preference(account: account, item: 0, weight: 1), Preference(account: account, item: 1, weight: 1)]
        }
        let interactions = Interactions(rows)
        let recommender = Recommender(artistShare: 1)
        let artists = Artists([0, 0], of: interactions)
        let seeds = [Seed(item: 0)]
        #expect(recommender.suggestions(from: seeds, in: interactions, artists: artists).isEmpty)
        #expect(recommender.suggestions(from: seeds, in: interactions, artists: artists, familiar: [1]).map(\.item) == [1])
        // The asking account does not count.
        let five = Interactions(rows + [Preference(account: 4, item: 1, weight: 1)])
        #expect(recommender.suggestions(from: seeds, in: five, without: 4).isEmpty)
        #expect(recommender.suggestions(from: seeds, in: five).map(\.item) == [1])
    }

    @Test func `artists lead to tracks that no pair of tracks leads to`() {
        // Tracks 0 to 9 of artist 0, 10 to 19 of artist 1; nobody has two of the same pair.
        let rows = (0..<10 as Range<Int32>).flatMap { account in
            [Preference(account: account, item: account, weight: 1), Preference(account: account, item: 10 + account, weight: 1)]
        }
        let interactions = Interactions(rows)
        let artists = Artists((0..<20).map { $0 / 10 }, of: interactions)
        let recommender = Recommender(artistShare: 0.3, naming: 1)
        #expect(recommender.suggestions(from: [Seed(item: 0)], in: interactions, without: 0).isEmpty)
        let list = recommender.suggestions(from: [Seed(item: 0)], in: interactions, artists: artists, without: 0)
        #expect(list.contains { $0.item >= 10 })
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

    @Test func `nothing known, nothing suggested`() {
        #expect(recommender.suggestions(from: [], in: interactions).isEmpty)
        #expect(recommender.suggestions(from: [Seed(item: 1)], in: Interactions()).isEmpty)
        #expect(recommender.suggestions(from: [Seed(item: 1)], in: interactions, count: 0).isEmpty)
        #expect(recommender.suggestions(from: [Seed(item: 1)], in: interactions, count: -1).isEmpty)
        #expect(Ridge(neighbours: -1, penalty: .nan, activity: .infinity, steps: .max).steps == 100)
    }
}
