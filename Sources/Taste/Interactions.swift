/// Who likes what, as two sets of lists: the items of each account, and the accounts of each item.
///
/// Both are in compressed sparse rows of Int32. A pair takes 12 bytes: its item and weight in the account's list, its account in the
/// item's list; 8 without weights, which only ``seeds(of:)`` tells of. What an account changes after ``init(_:)`` shows in its own ``seeds(of:)`` at once, and in the lists that others walk over
/// from the next ``publish()`` on. An account that is removed leaves nothing in either.
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
    /// Whole lists of accounts that have changed since the last ``publish()``.
    var changed: [Int32: [Seed]]

    /// No accounts and no items.
    public init() {
        byAccount = Rows()
        byItem = Rows()
        weights = []
        changed = [:]
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
            + changed.values.reduce(0) { $0 + $1.capacity * MemoryLayout<Seed>.stride }
    }

    /// Accounts that like an item, as others see it.
    public func accounts(of item: Int32) -> ArraySlice<Int32> { byItem[item] }

    /// How many accounts like an item, as others see it.
    public func accountCount(of item: Int32) -> Int { byItem.count(of: item) }

    /// Items that an account likes, by number, as others see it.
    public func items(of account: Int32) -> ArraySlice<Int32> { byAccount[account] }

    /// What an account likes now, by number of the item; all alike if weights were not kept.
    public func seeds(of account: Int32) -> [Seed] {
        if let own = changed[account] { return own }
        let range = byAccount.range(of: account)
        return range.map { Seed(item: byAccount.values[$0], weight: weights.isEmpty ? 1 : weights[$0]) }
    }
}
