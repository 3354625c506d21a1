extension Walk {
    /// What each seed adds to the score of each item, largest first, in shares of the whole. Only seeds that enough accounts stand behind.
    public func reasons(
        for items: [Int32], from seeds: [Seed], in interactions: Interactions, without account: Int32? = nil
    ) -> [[Reason]] {
        let paths = paths(from: seeds, in: interactions, without: account)
        var isFan = [Bool](repeating: false, count: interactions.accountCount)
        return items.map { item in
            for fan in interactions.accounts(of: item) { isFan[Int(fan)] = true }
            defer { for fan in interactions.accounts(of: item) { isFan[Int(fan)] = false } }
            let found = paths.compactMap { path -> Reason? in
                var (both, mass) = (0, Float(0))
                for account in path.accounts where isFan[Int(account)] {
                    both += 1
                    mass += 1 / Float(max(1, interactions.byAccount.count(of: account)))
                }
                return both < support ? nil : Reason(seed: path.seed.item, share: path.seed.weight * path.share * mass)
            }
            let whole = found.reduce(0) { $0 + $1.share }
            guard whole > 0, whole.isFinite else { return [] }
            return found.map { Reason(seed: $0.seed, share: $0.share / whole) }
                .sorted { ($0.share, $1.seed) > ($1.share, $0.seed) }
        }
    }
}
