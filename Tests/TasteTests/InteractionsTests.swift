import Testing

@testable import Taste

/// Who likes what: complete, bounded, changed at once for oneself, and erased without a trace.
struct InteractionsTests {
    private let rows = RandomListening(seed: 1).rows

    @Test func `both sets of lists say the same, in whatever order rows come`() {
        let interactions = Interactions(rows)
        #expect(interactions.pairCount == Set(rows.map { [$0.account, $0.item] }).count)
        for item in 0..<Int32(interactions.itemCount) {
            #expect(Set(interactions.accounts(of: item)) == Set(rows.filter { $0.item == item }.map(\.account)))
        }
        let shuffled = Interactions(rows.shuffled())
        #expect(shuffled.byAccount.values == interactions.byAccount.values)
        #expect(shuffled.byItem.values == interactions.byItem.values)
    }

    @Test func `rows out of range are left out and counted`() {
        var builder = InteractionsBuilder()
        let odd = [
            Preference(account: -1, item: 0, weight: 1), Preference(account: 0, item: -1, weight: 1),
            Preference(account: .max, item: 0, weight: 1), Preference(account: 0, item: .max, weight: 1),
            Preference(account: 0, item: 0, weight: .nan), Preference(account: 0, item: 0, weight: -.infinity),
            Preference(account: 0, item: 0, weight: 0), Preference(account: 0, item: 0, weight: -1)
        ]
        for row in odd { builder.append(row) }
        builder.append(Preference(account: 2, item: 3, weight: 1))
        #expect(builder.refusedCount == odd.count)
        let interactions = builder.finish()
        #expect(interactions.pairCount == 1)
        #expect(interactions.accountCount == 3)
        #expect(interactions.itemCount == 4)
        #expect(Interactions([]).itemCount == 0)
    }

    @Test func `without weights the lists are the same, and rows have to come account by account`() {
        let sorted = rows.sorted { $0.account < $1.account }
        var builder = InteractionsBuilder(perAccount: 9, accounts: 5, keepsWeights: false)
        for row in sorted { builder.append(row) }
        builder.append(Preference(account: 0, item: 1, weight: 1))
        #expect(builder.refusedCount == 1)
        var (light, heavy) = (builder.finish(), Interactions(rows, perAccount: 9))
        #expect(light.byAccount.values == heavy.byAccount.values && light.byItem.values == heavy.byItem.values)
        #expect(light.weights.isEmpty && light.seeds(of: 3).map(\.item) == heavy.seeds(of: 3).map(\.item))
        for account in [3, 4] as [Int32] {
            let item = heavy.seeds(of: account)[0].item
            for remove in [{ $0.remove(item, of: account) }, { $0.remove(account) }] as [(inout Interactions) -> Void] {
                remove(&light)
                remove(&heavy)
                #expect(light.byAccount.values == heavy.byAccount.values && light.byItem.values == heavy.byItem.values)
            }
        }
    }

    @Test func `the heaviest of an account's items are kept`() {
        let many = (0..<700).map { Preference(account: 0, item: $0, weight: Float($0 + 1)) }
        #expect(Interactions(many).items(of: 0) == ArraySlice(200..<700))
        #expect(Interactions(many, perAccount: 0).pairCount == 0)
    }

    @Test func `what an account plays is in its own list at once, and in those of others after the batch`() {
        var interactions = Interactions(rows)
        interactions.add(2, to: 299, of: 500)
        #expect(interactions.seeds(of: 500) == [Seed(item: 299, weight: 2)])
        #expect(!interactions.accounts(of: 299).contains(500))
        interactions.publish()
        #expect(interactions.seeds(of: 500) == [Seed(item: 299, weight: 2)])
        #expect(interactions.accounts(of: 299).contains(500))
        let seeds = interactions.seeds(of: 3)
        interactions.add(1, to: seeds[0].item, of: 3)
        #expect(interactions.seeds(of: 3)[0].weight == seeds[0].weight + 1)
        interactions.add(-1000, to: seeds[0].item, of: 3)
        #expect(interactions.seeds(of: 3) == Array(seeds.dropFirst()))
    }

    @Test func `a batch gives the lists that all rows at once give`() {
        var grown = Interactions(rows.filter { $0.account % 3 != 0 })
        for row in rows where row.account % 3 == 0 { grown.add(row.weight, to: row.item, of: row.account) }
        grown.publish()
        let whole = Interactions(rows)
        #expect(grown.byAccount.values == whole.byAccount.values)
        #expect(grown.byItem.values == whole.byItem.values)
        #expect(zip(grown.weights, whole.weights).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test func `an account that is removed leaves nothing`() {
        var interactions = Interactions(rows)
        interactions.add(1, to: 5, of: 17)
        interactions.remove(17)
        #expect(interactions.seeds(of: 17).isEmpty)
        #expect(interactions.items(of: 17).isEmpty)
        // Nor in the places that no list reaches.
        #expect(!interactions.byItem.values.contains(17))
        #expect(interactions.changed[17] == nil)
        #expect(interactions.byAccount.values.count { $0 == -1 } == Set(rows.filter { $0.account == 17 }.map(\.item)).count)
        let without = Interactions(rows.filter { $0.account != 17 })
        for item in 0..<Int32(interactions.itemCount) { #expect(interactions.accounts(of: item) == without.accounts(of: item)) }
        interactions.add(1, to: 5, of: 18)
        interactions.publish()
        #expect(!interactions.byItem.values.contains(17) && !interactions.byItem.values.contains(-1))
        interactions.remove(-1)
        interactions.remove(.max)
    }

    @Test func `an item that is removed from an account is gone for everyone`() {
        var interactions = Interactions(rows)
        let seeds = interactions.seeds(of: 9)
        interactions.add(1, to: 299, of: 9)
        interactions.remove(seeds[1].item, of: 9)
        #expect(!interactions.seeds(of: 9).contains { $0.item == seeds[1].item })
        #expect(!interactions.accounts(of: seeds[1].item).contains(9))
        #expect(interactions.items(of: 9).count == seeds.count - 1)
        interactions.publish()
        #expect(!interactions.accounts(of: seeds[1].item).contains(9))
        interactions.remove(.max, of: 9)
    }
}
