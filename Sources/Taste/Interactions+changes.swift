extension Interactions {
    /// Adds to an account's weight of an item. It shows in the account's own ``seeds(of:)`` at once, to others after ``publish()``. An item
    /// whose weight falls to 0 or below is not liked any more.
    ///
    /// Left out if a number is out of range or the gain is not finite.
    public mutating func add(_ gain: Float, to item: Int32, of account: Int32) {
        guard gain.isFinite, item >= 0, item < Self.mostNumbers, account >= 0, account < Self.mostNumbers else { return }
        var own = seeds(of: account)
        let place = own.firstIndex { $0.item >= item } ?? own.count
        if place < own.count, own[place].item == item {
            own[place].weight = min(own[place].weight + gain, .greatestFiniteMagnitude)
            if own[place].weight <= 0 { own.remove(at: place) }
        } else if gain > 0 {
            own.insert(Seed(item: item, weight: gain), at: place)
        }
        changed[account] = own
    }

    /// Replaces all that an account likes; as ``add(_:to:of:)``.
    public mutating func set(_ seeds: [Seed], of account: Int32) {
        guard account >= 0, account < Self.mostNumbers else { return }
        let sound = seeds.filter { $0.isSound && $0.item < Self.mostNumbers }
        changed[account] = InteractionsBuilder.kept(sound, most: sound.count)
    }

    /// Shows others what has changed since the last time. Reads and writes every pair; both sets of lists are in memory twice, one after
    /// the other.
    public mutating func publish(perAccount: Int = 500) {
        guard !changed.isEmpty else { return }
        byItem = Rows()
        var builder = InteractionsBuilder(
            perAccount: perAccount, pairs: byAccount.total, keepsWeights: !weights.isEmpty || byAccount.total == 0)
        for account in 0..<max(Int32(byAccount.count), (changed.keys.max() ?? -1) + 1) {
            for seed in seeds(of: account) {
                builder.append(Preference(account: account, item: seed.item, weight: seed.weight))
            }
        }
        self = builder.finish()
    }

    /// Takes an account out of all lists, at once and for everyone, and overwrites the places it had. The cost is that of reading the lists
    /// of its items.
    public mutating func remove(_ account: Int32) {
        changed[account] = nil
        for item in byAccount[account] { byItem.remove(account, from: item) }
        if !weights.isEmpty { for place in byAccount.range(of: account) { weights[place] = 0 } }
        byAccount.removeAll(from: account)
    }

    /// Takes an item from an account, at once and for everyone: "not this", or a track that was deleted.
    public mutating func remove(_ item: Int32, of account: Int32) {
        changed[account]?.removeAll { $0.item == item }
        guard let place = byAccount[account].firstIndex(of: item) else { return }
        byItem.remove(account, from: item)
        let range = byAccount.range(of: account)
        if !weights.isEmpty {
            for next in place + 1..<range.upperBound { weights[next - 1] = weights[next] }
            weights[range.upperBound - 1] = 0
        }
        byAccount.remove(item, from: account)
    }
}

extension Interactions {
    /// Makes the lists of items by counting.
    init(byAccount: Rows, weights: [Float], items: Int32) {
        self.byAccount = byAccount
        self.weights = weights
        changed = [:]
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
