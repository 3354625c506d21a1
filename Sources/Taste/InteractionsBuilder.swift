/// Makes ``Interactions`` of rows as they come from the catalogue, without a second copy of them if they come account by account.
public struct InteractionsBuilder: ~Copyable, Sendable {
    /// The most items that are kept of an account, heaviest first.
    public let perAccount: Int
    /// Whether the lists tell how much an account likes each item. A walk need not know it of others.
    public let keepsWeights: Bool
    /// Rows that were left out because a number or a weight was out of range.
    public private(set) var refusedCount = 0

    private var starts: [Int32] = [0]
    private var items: [Int32] = []
    private var weights: [Float] = []
    /// The list that is being read.
    private var account: Int32 = 0
    private var list: [Seed] = []
    /// Rows of accounts whose list was over when they came.
    private var late: [Int32: [Seed]] = [:]
    private var most: Int32 = -1
    /// Accounts that are expected in all.
    private let accounts: Int

    /// - Parameters:
    ///   - pairs: that are expected. Arrays that grow by doubling take three times their room for a moment.
    ///   - accounts: that are expected, if pairs are not: room is made for as many lists as the first ones took.
    ///   - keepsWeights: without weights, rows have to come account by account.
    public init(perAccount: Int = 500, pairs: Int = 0, accounts: Int = 0, keepsWeights: Bool = true) {
        self.perAccount = max(0, perAccount)
        self.keepsWeights = keepsWeights
        self.accounts = min(max(0, accounts), Int(Interactions.mostNumbers))
        let pairs = min(max(0, pairs), Interactions.mostPairs)
        items.reserveCapacity(pairs)
        if keepsWeights { weights.reserveCapacity(pairs) }
    }

    /// Takes a row. Leaves it out if its weight is not above 0 and finite, or a number is negative or too large, or if its account's list
    /// is over and weights are not kept.
    public mutating func append(_ row: Preference) {
        let seed = Seed(item: row.item, weight: row.weight)
        guard seed.isSound, row.item < Interactions.mostNumbers, row.account >= 0, row.account < Interactions.mostNumbers else {
            refusedCount += 1
            return
        }
        if row.account < account {
            guard keepsWeights else {
                refusedCount += 1
                return
            }
            late[row.account, default: []].append(seed)
            return
        }
        while account < row.account { endList() }
        list.append(seed)
    }

    /// The lists of all rows so far.
    public consuming func finish() -> Interactions {
        if !list.isEmpty { endList() }
        if !late.isEmpty { insertLate() }
        return Interactions(byAccount: Rows(starts: starts, values: items), weights: weights, items: most + 1)
    }

    private mutating func endList() {
        let kept = Self.kept(list, most: perAccount)
        list.removeAll(keepingCapacity: true)
        append(list: kept)
    }

    /// Takes the whole list of the next account: its items by number, each once.
    mutating func append(list: [Seed]) {
        makeRoom(for: list.count)
        for seed in list where items.count < Interactions.mostPairs {
            items.append(seed.item)
            if keepsWeights { weights.append(seed.weight) }
            most = max(most, seed.item)
        }
        starts.append(Int32(items.count))
        account += 1
    }

    private mutating func makeRoom(for count: Int) {
        let least = items.count + count
        guard least > items.capacity else { return }
        // A little more than the lists so far let expect, and enough more not to come back at every list.
        let expected = least / (Int(account) + 1) * accounts
        let room = min(max(least + least / 8, expected + expected / 32), Interactions.mostPairs)
        items.reserveCapacity(room)
        if keepsWeights { weights.reserveCapacity(room) }
    }

    /// Reads everything once more, in order.
    private mutating func insertLate() {
        var again = InteractionsBuilder(perAccount: perAccount, pairs: items.count)
        again.refusedCount = refusedCount
        for account in 0..<Int32(starts.count - 1) {
            for place in Int(starts[Int(account)])..<Int(starts[Int(account) + 1]) {
                again.append(Preference(account: account, item: items[place], weight: weights[place]))
            }
            for seed in late[account] ?? [] { again.append(Preference(account: account, item: seed.item, weight: seed.weight)) }
        }
        if !again.list.isEmpty { again.endList() }
        self = again
    }

    /// A list by number of the item, each once, the heaviest of them.
    static func kept(_ list: [Seed], most: Int) -> [Seed] {
        var sorted: [Seed] = []
        sorted.reserveCapacity(list.count)
        for seed in list.sorted(by: { $0.item < $1.item }) {
            if let last = sorted.last, last.item == seed.item {
                sorted[sorted.count - 1].weight = min(last.weight + seed.weight, .greatestFiniteMagnitude)
            } else {
                sorted.append(seed)
            }
        }
        guard sorted.count > most else { return sorted }
        let heaviest = sorted.sorted { ($0.weight, $1.item) > ($1.weight, $0.item) }.prefix(most)
        return heaviest.sorted { $0.item < $1.item }
    }
}
