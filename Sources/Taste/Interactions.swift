/// Who likes what, as two sets of lists: the items of each account, and the accounts of each item.
///
/// Both are in compressed sparse rows of Int32. A pair takes 12 bytes: its item and weight in the account's list, its account in the
/// item's list; 8 without weights, which only ``seeds(of:)`` tells of. An account that is removed leaves nothing in either.
///
/// A copy shares its memory until one of the two is changed.
public struct Interactions: Sendable {
    /// Accounts and items have numbers below this; other rows are left out.
    public static let mostNumbers: Int32 = 1 << 22
    /// Pairs in all. Rows beyond are left out.
    public static let mostPairs = 1 << 27

    var byAccount: Rows
    /// Of each item's accounts. The order in a list is that of a hash of account and item: its first accounts are a sample of all of them
    /// which hardly changes if one joins or leaves.
    var byItem: Rows
    /// Beside the items of `byAccount`; empty if they were not kept.
    var weights: [Float]

    /// No accounts and no items.
    public init() {
        byAccount = Rows()
        byItem = Rows()
        weights = []
    }

    /// Makes the lists of rows in any order, fastest if they come account by account. Weights of a pair that comes twice add up.
    ///
    /// - Parameter perAccount: the most items that are kept of an account, heaviest first.
    public init(_ preferences: some Sequence<Preference>, perAccount: Int = 500) {
        var builder = InteractionsBuilder(perAccount: perAccount)
        for preference in preferences { builder.append(preference) }
        self = builder.finish()
    }

    /// One more than the largest number of an account.
    public var accountCount: Int { byAccount.count }
    /// One more than the largest number of an item.
    public var itemCount: Int { byItem.count }
    public var pairCount: Int { byAccount.total }

    /// Bytes of all lists, without what the allocator adds.
    public var byteCount: Int {
        byAccount.byteCount + byItem.byteCount + weights.capacity * MemoryLayout<Float>.stride
    }

    /// Accounts that like an item.
    public func accounts(of item: Int32) -> ArraySlice<Int32> { byItem[item] }

    /// How many accounts like an item.
    public func accountCount(of item: Int32) -> Int { byItem.count(of: item) }

    /// Whether at least this many accounts like an item, without one that is left out.
    public func isLiked(_ item: Int32, byAtLeast count: Int, besides account: Int32?) -> Bool {
        let accounts = accounts(of: item)
        return accounts.count > count || accounts.count { $0 != account } >= count
    }

    /// Items that an account likes, by number.
    public func items(of account: Int32) -> ArraySlice<Int32> { byAccount[account] }

    /// What an account likes, by number of the item; all alike if weights were not kept.
    public func seeds(of account: Int32) -> [Seed] {
        let range = byAccount.range(of: account)
        return range.map { Seed(item: byAccount.values[$0], weight: weights.isEmpty ? 1 : weights[$0]) }
    }

    /// Takes an account out of all lists, at once and for everyone, and overwrites the places it had. The cost is that of reading the lists
    /// of its items.
    public mutating func remove(_ account: Int32) {
        for item in byAccount[account] { byItem.remove(account, from: item) }
        if !weights.isEmpty { for place in byAccount.range(of: account) { weights[place] = 0 } }
        byAccount.removeAll(from: account)
    }
}

extension Interactions {
    /// Makes the lists of items by counting.
    init(byAccount: Rows, weights: [Float], items: Int32) {
        self.byAccount = byAccount
        self.weights = weights
        var starts = [Int32](repeating: 0, count: Int(items) + 1)
        for item in byAccount.values { starts[Int(item) + 1] += 1 }
        for item in 0..<Int(items) { starts[item + 1] += starts[item] }
        var next = starts
        var accounts = [Int32](repeating: 0, count: byAccount.values.count)
        for account in 0..<Int32(byAccount.count) {
            for item in byAccount[account] {
                accounts[Int(next[Int(item)])] = account
                next[Int(item)] += 1
            }
        }
        next = []
        // Numbers of accounts fit into the low bits, of which the order by hash needs none.
        let low = UInt64(Self.mostNumbers) - 1
        var order: [UInt64] = []
        for item in 0..<Int(items) where starts[item + 1] - starts[item] > 1 {
            let range = Int(starts[item])..<Int(starts[item + 1])
            order.removeAll(keepingCapacity: true)
            for place in range {
                let account = UInt64(accounts[place])
                order.append(mixed(UInt64(item) << 32 | account) & ~low | account)
            }
            order.sort()
            for (place, entry) in zip(range, order) { accounts[place] = Int32(truncatingIfNeeded: entry & low) }
        }
        byItem = Rows(starts: starts, values: accounts)
    }
}
