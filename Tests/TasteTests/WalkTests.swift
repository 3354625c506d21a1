import Taste
import TestSupport
import Testing

/// Two steps, from what one likes to what those like who like it too.
struct WalkTests {
    @Test(arguments: [1, 2, 3, 5], [0, 0.3, 0.4] as [Float])
    func `scores are those of the formula`(support: Int, popularity: Float) throws {
        for seed in 1...3 as ClosedRange<UInt64> {
            let listening = RandomListening(seed: seed)
            let interactions = Interactions(listening.rows)
            let walk = Walk(popularity: popularity, support: support, sample: .max, seeds: .max, paths: .max)
            let naive = NaiveWalk(listening.rows, popularity: Double(popularity), support: support)
            for account in stride(from: 0, to: listening.accounts, by: 7) {
                let scores = walk.scores(from: interactions.seeds(of: account), in: interactions, without: account)
                let wanted = naive.scores(for: account)
                #expect(Set(scores.items) == Set(wanted.keys))
                for (item, score) in wanted { #expect(abs(Double(scores[item]) - score) <= 1e-4 * score) }
            }
        }
    }

    @Test func `two accounts are not enough behind a pair if three are asked for`() {
        let rows = [0, 1, 2].flatMap { account in [10, 20].map { Preference(account: account, item: $0, weight: 1) } }
        let few = Interactions(rows.filter { $0.account != 2 })
        let walk = Walk(support: 3)
        #expect(walk.scores(from: [Seed(item: 10)], in: few).items.isEmpty)
        #expect(Set(walk.scores(from: [Seed(item: 10)], in: Interactions(rows)).items) == [10, 20])
        // The asking account is not one of the three.
        #expect(walk.scores(from: [Seed(item: 10)], in: Interactions(rows), without: 2).items.isEmpty)
    }

    @Test func `a sample of accounts gives nearly the scores of all`() {
        let listening = RandomListening(accounts: 2000, items: 60, each: 10, seed: 4)
        let interactions = Interactions(listening.rows)
        let seeds = interactions.seeds(of: 11)
        let all = Walk(sample: .max, paths: .max).scores(from: seeds, in: interactions, without: 11)
        let some = Walk(sample: 200, paths: .max).scores(from: seeds, in: interactions, without: 11)
        #expect(!seeds.isEmpty)
        for scored in all.best(10) { #expect(abs(some[scored.item] - scored.score) < 0.35 * scored.score) }
    }

    @Test func `the same question has the same answer, and one account less changes a sample by at most one member`() {
        let listening = RandomListening(accounts: 2000, items: 60, each: 10, seed: 5)
        var interactions = Interactions(listening.rows)
        let before = interactions.accounts(of: 7).prefix(100)
        let gone = before[before.startIndex + 5]
        #expect(Array(before) == Array(Interactions(listening.rows.reversed()).accounts(of: 7).prefix(100)))
        interactions.remove(gone)
        #expect(Set(before).subtracting(interactions.accounts(of: 7).prefix(100)) == [gone])
    }

    @Test func `reasons are the seeds that led there, and their shares make a whole`() throws {
        let listening = RandomListening(seed: 6)
        let interactions = Interactions(listening.rows)
        let walk = Walk(support: 2)
        let seeds = interactions.seeds(of: 3)
        let best = walk.scores(from: seeds, in: interactions, without: 3).best(20).map(\.item)
        let reasons = walk.reasons(for: best, from: seeds, in: interactions, without: 3)
        #expect(best.count == 20)
        for (item, reasons) in zip(best, reasons) {
            #expect(abs(reasons.reduce(0) { $0 + $1.share } - 1) < 1e-3)
            #expect(reasons == reasons.sorted { $0.share > $1.share })
            let strongest = try #require(reasons.first)
            let alone = walk.scores(from: seeds.filter { $0.item == strongest.seed }, in: interactions, without: 3)
            let whole = walk.scores(from: seeds, in: interactions, without: 3)
            #expect(abs(alone[item] / whole[item] - strongest.share) < 1e-3)
        }
    }

    @Test func `odd seeds and settings lead nowhere`() {
        let interactions = Interactions(RandomListening(seed: 7).rows)
        let odd = [
            Seed(item: -1), Seed(item: .max), Seed(item: .min), Seed(item: 0, weight: .nan), Seed(item: 0, weight: .infinity),
            Seed(item: 0, weight: -1), Seed(item: 0, weight: 0)
        ]
        #expect(Walk().scores(from: odd, in: interactions, without: -5).items.isEmpty)
        #expect(Walk().scores(from: [Seed(item: 0)], in: Interactions()).items.isEmpty)
        #expect(Walk().reasons(for: [-1, .max], from: [Seed(item: 0)], in: interactions) == [[], []])
        for walk in [Walk(sample: 0), Walk(sample: -3), Walk(seeds: 0), Walk(paths: 0), Walk(support: .max)] {
            #expect(walk.scores(from: [Seed(item: 0)], in: interactions).items.isEmpty)
        }
        let heavy = [Seed(item: 0, weight: .greatestFiniteMagnitude), Seed(item: 1, weight: .greatestFiniteMagnitude)]
        let scores = Walk(popularity: .nan, support: -1).scores(from: heavy, in: interactions)
        #expect(scores.best(20).allSatisfy { $0.score.isFinite && $0.score > 0 })
    }
}
