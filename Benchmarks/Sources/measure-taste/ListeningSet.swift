import Foundation
import Taste

/// A set of public listening data, split as the protocol has it: a user's items in the order of a hash, the first fifth held out.
struct ListeningSet {
    let name: String
    /// Users and items that are trained on, both numbered from 0 in the order of their identifiers.
    var train: [(user: Int32, item: Int32)] = []
    /// What each tested user was not seen to like; -1 for an item that nobody is trained on.
    var heldOut: [(user: Int32, items: [Int32])] = []
    /// Identifiers by number.
    var users: [UInt32] = []
    var items: [UInt32] = []
    /// Artists of items by number of the item, where the set has them.
    var artists: [Int32] = []
    /// XOR of the hashes of all pairs that are held out, of all users.
    var check: UInt64 = 0
    /// Held-out pairs of tested users, by identifier.
    var heldOutPairs: [(user: UInt32, item: UInt32)] = []

    var interactions: Interactions {
        Interactions(train.lazy.map { Preference(account: $0.user, item: $0.item, weight: 1) }, perAccount: .max)
    }

    /// - Parameters:
    ///   - pairs: users and items, by user.
    ///   - seeds: 7 for the test; 7 and then 8 for the inner validation, which never sees what 7 holds out.
    init(name: String, pairs: [(user: UInt32, item: UInt32)], seeds: [UInt64], isTested: (UInt32) -> Bool) {
        self.name = name
        var rest = pairs
        var held: [(user: UInt32, item: UInt32)] = []
        for seed in seeds { (rest, held) = Self.split(rest, seed: seed) }
        check = held.reduce(0) { $0 ^ Self.hash($1.user, $1.item, seeds.last ?? 0) }
        users = Set(pairs.map(\.user)).sorted()
        items = Set(rest.map(\.item)).sorted()
        let userNumbers = Dictionary(uniqueKeysWithValues: users.enumerated().map { ($1, Int32($0)) })
        let itemNumbers = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1, Int32($0)) })
        train = rest.map { (userNumbers[$0.user] ?? -1, itemNumbers[$0.item] ?? -1) }
        heldOutPairs = held.filter { isTested($0.user) }
        let lists = Dictionary(grouping: heldOutPairs, by: \.user)
        heldOut = lists.map { (userNumbers[$0] ?? -1, $1.map { itemNumbers[$0.item] ?? -1 }) }.sorted { $0.0 < $1.0 }
    }

    /// SplitMix64's steps over user, item and seed.
    static func hash(_ user: UInt32, _ item: UInt32, _ seed: UInt64) -> UInt64 {
        var mixed = (UInt64(user) << 32 | UInt64(item)) &+ seed &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// Holds out a fifth of the items of each user who has ten or more.
    private static func split(
        _ pairs: [(user: UInt32, item: UInt32)], seed: UInt64
    ) -> (rest: [(user: UInt32, item: UInt32)], held: [(user: UInt32, item: UInt32)]) {
        var rest: [(user: UInt32, item: UInt32)] = []
        var held = rest
        for (user, own) in Dictionary(grouping: pairs, by: \.user).sorted(by: { $0.key < $1.key }) {
            let count = own.count >= 10 ? own.count / 5 : 0
            let sorted = own.map { (hash: hash(user, $0.item, seed), pair: $0) }
                .sorted { ($0.hash, $0.pair.item) < ($1.hash, $1.pair.item) }.map(\.pair)
            held += sorted.prefix(count)
            rest += sorted.dropFirst(count)
        }
        return (rest, held)
    }
}
