/// The first step of a walk: from one seed to accounts that like it too.
struct WalkPath {
    var seed: Seed
    /// Without the one that asks.
    var accounts: [Int32]
    /// 1/m, times how much each of the accounts stands for where not all of them are followed. The asking account counts in m whether
    /// others see that it likes the seed or not.
    var share: Float
}

extension Walk {
    /// The first steps from the heaviest of the seeds, each once, without those that lead nowhere.
    func paths(from seeds: [Seed], in interactions: Interactions, without account: Int32?) -> [WalkPath] {
        var known = Set<Int32>()
        let sorted = seeds.filter { $0.isSound && interactions.accountCount(of: $0.item) > 0 }
            .sorted { ($0.weight, $1.item) > ($1.weight, $0.item) }
        let followed = sorted.filter { known.insert($0.item).inserted }.prefix(self.seeds)
        let sample = sample(for: followed.map { interactions.accountCount(of: $0.item) })
        let own = account.map { Set(interactions.items(of: $0)) } ?? []
        return followed.compactMap { seed in
            let all = interactions.accounts(of: seed.item)
            var accounts: [Int32] = []
            accounts.reserveCapacity(min(sample, all.count))
            for other in all where other != account {
                if accounts.count == sample { break }
                accounts.append(other)
            }
            guard !accounts.isEmpty else { return nil }
            let others = accounts.count < sample ? accounts.count : all.count - (own.contains(seed.item) ? 1 : 0)
            return WalkPath(seed: seed, accounts: accounts, share: Float(others) / Float(accounts.count) / Float(others + 1))
        }
    }

    /// How many accounts of each seed may be followed, so that there are not too many in all.
    private func sample(for counts: [Int]) -> Int {
        var fewest = 0
        var most = min(sample, counts.max() ?? 0)
        while fewest < most {
            let middle = (fewest + most + 1) / 2
            var sum = 0
            for count in counts where sum <= paths { sum += min(count, middle) }
            if sum <= paths { fewest = middle } else { most = middle - 1 }
        }
        return fewest
    }
}
