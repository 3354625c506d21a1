import Testing

@testable import Taste

/// Who likes what: complete, bounded, and erased without a trace.
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
        light.remove(3)
        heavy.remove(3)
        #expect(light.byAccount.values == heavy.byAccount.values && light.byItem.values == heavy.byItem.values)
    }

    @Test func `the heaviest of an account's items are kept`() {
        let many = (0..<700).map { Preference(account: 0, item: $0, weight: Float($0 + 1)) }
        #expect(Interactions(many).items(of: 0) == ArraySlice(200..<700))
        #expect(Interactions(many, perAccount: 0).pairCount == 0)
    }

    @Test func `an item that few like is not liked by enough, and the account that asks does not count`() {
        let four = (0..<4 as Range<Int32>).map { Preference(account: $0, item: 1, weight: 1) }
        #expect(!Interactions(four).isLiked(1, byAtLeast: 5, besides: nil))
        let five = Interactions(four + [Preference(account: 4, item: 1, weight: 1)])
        #expect(five.isLiked(1, byAtLeast: 5, besides: nil) && five.isLiked(1, byAtLeast: 5, besides: 9))
        #expect(!five.isLiked(1, byAtLeast: 5, besides: 4))
        let six = Interactions((0..<6 as Range<Int32>).map { Preference(account: $0, item: 1, weight: 1) })
        #expect(six.isLiked(1, byAtLeast: 5, besides: 4) && !six.isLiked(2, byAtLeast: 5, besides: nil))
    }

    @Test func `an account that is removed leaves nothing`() {
        var interactions = Interactions(rows)
        interactions.remove(17)
        #expect(interactions.seeds(of: 17).isEmpty)
        #expect(interactions.items(of: 17).isEmpty)
        // Nor in the places that no list reaches.
        #expect(!interactions.byItem.values.contains(17))
        #expect(interactions.byAccount.values.count { $0 == -1 } == Set(rows.filter { $0.account == 17 }.map(\.item)).count)
        let without = Interactions(rows.filter { $0.account != 17 })
        for item in 0..<Int32(interactions.itemCount) { #expect(interactions.accounts(of: item) == without.accounts(of: item)) }
        interactions.remove(-1)
        interactions.remove(.max)
    }
}
