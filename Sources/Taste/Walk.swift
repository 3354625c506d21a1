/// Two steps from items that an account likes: to accounts that like them too, and to what those like.
///
///     score(j) = n(j)^-β · Σ_i w(i) · 1/m(i) · Σ_v 1/|v|     over seeds i and accounts v that like both i and j
///
/// n and m count the accounts of an item, |v| the items of an account. That is RP3beta (Christoffel, Paudel, Newell and Bernstein, RecSys
/// 2015) with α = 1, walked at query time: no matrix of pairs exists, so a play changes the next answer and an erased account leaves no
/// trace.
///
/// Seeds, accounts of a seed and items of an account are bounded, so is the time.
public struct Walk: Sendable, Hashable {
    /// β: how much of an item's popularity is taken back. Between 0 and 1; more for "less known".
    public var popularity: Float
    /// Distinct accounts that must like both a seed and an item, so that the item counts for that seed.
    public var support: Int
    /// The most accounts that are followed from one seed.
    public var sample: Int
    /// The most seeds that are followed, heaviest first.
    public var seeds: Int
    /// The most accounts that are followed from all seeds together. If there are more, fewer are followed from each.
    public var paths: Int

    public init(popularity: Float = 0.3, support: Int = 3, sample: Int = 100, seeds: Int = 200, paths: Int = 4000) {
        self.popularity = popularity.isFinite ? min(max(popularity, 0), 1) : 0
        self.support = min(max(1, support), Int(Reached.most) - 1)
        self.sample = max(0, sample)
        self.seeds = max(0, seeds)
        self.paths = max(0, paths)
    }

    /// Scores of all items that the walk reaches and enough accounts stand behind, the seeds among them.
    ///
    /// - Parameter account: who asks. Its own list is not followed.
    public func scores(from seeds: [Seed], in interactions: Interactions, without account: Int32? = nil) -> Scores {
        scores(over: paths(from: seeds, in: interactions, without: account), in: interactions)
    }

    /// What the latest seed that reached an item has led there.
    private struct Reached {
        /// The most accounts that are counted.
        static let most: UInt32 = 1 << 10 - 1

        /// Σ 1/|v|.
        var mass: Float = 0
        /// The number of the seed's path, from 1, and in the low bits how many v: above that of a path before.
        var mark: UInt32 = 0
    }

    /// - Parameter paths: as ``paths(from:in:without:)`` gives them.
    func scores(over paths: [WalkPath], in interactions: Interactions) -> Scores {
        var scores = Scores(count: interactions.itemCount)
        // Of each item. What another path has left there is not cleared but told apart by its mark.
        var entries = [Reached](repeating: Reached(), count: interactions.itemCount)
        var reached = entries.mutableSpan
        let values = interactions.byAccount.values.span
        let support = UInt32(support)
        var found: [Int32] = []
        for (path, number) in zip(paths, 1...) where path.accounts.count >= support {
            let mark = UInt32(truncatingIfNeeded: number) << 10
            found.removeAll(keepingCapacity: true)
            for account in path.accounts {
                let range = interactions.byAccount.range(of: account)
                let part = 1 / Float(max(1, range.count))
                let items = values.extracting(range)
                for place in items.indices {
                    let item = items[place]
                    let entry = reached[Int(item)]
                    // Whether it is is chance: a branch would be taken wrongly half of the time.
                    let isKnown = entry.mark > mark
                    let count = min((isKnown ? entry.mark &- mark : 0) &+ 1, Reached.most)
                    reached[Int(item)] = Reached(mass: (isKnown ? entry.mass : 0) + part, mark: mark &+ count)
                    if count == support { found.append(item) }
                }
            }
            let factor = min(path.seed.weight * path.share, .greatestFiniteMagnitude)
            for item in found {
                let mass = factor * reached[Int(item)].mass
                if mass > 0 { scores.add(mass, to: item) }
            }
        }
        if popularity > 0 {
            let discounts = PowerTable(exponent: -popularity)
            scores.scale { discounts[interactions.accountCount(of: $0)] }
        }
        return scores
    }
}
