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
        self.support = max(1, support)
        self.sample = max(0, sample)
        self.seeds = max(0, seeds)
        self.paths = max(0, paths)
    }

    /// Scores of all items that the walk reaches and enough accounts stand behind, the seeds among them.
    ///
    /// - Parameter account: who asks. Its own list is not followed.
    public func scores(from seeds: [Seed], in interactions: Interactions, without account: Int32? = nil) -> Scores {
        var scores = Scores(count: interactions.itemCount)
        // Of each item that one seed reaches: Σ 1/|v|, and how many v.
        var masses = [SIMD2<Float>](repeating: .zero, count: interactions.itemCount)
        var reached: [Int32] = []
        for path in paths(from: seeds, in: interactions, without: account) where path.accounts.count >= support {
            reached.removeAll(keepingCapacity: true)
            for account in path.accounts {
                let range = interactions.byAccount.range(of: account)
                let part = SIMD2(1 / Float(max(1, range.count)), 1)
                let items = interactions.byAccount.values.span.extracting(range)
                for place in items.indices {
                    let item = items[place]
                    let mass = masses[Int(item)]
                    if mass.y == 0 { reached.append(item) }
                    masses[Int(item)] = mass + part
                }
            }
            let factor = min(path.seed.weight * path.share, .greatestFiniteMagnitude)
            let support = Float(support)
            for item in reached {
                let mass = masses[Int(item)]
                if mass.y >= support, factor * mass.x > 0 { scores.add(factor * mass.x, to: item) }
                masses[Int(item)] = .zero
            }
        }
        if popularity > 0 {
            let discounts = PowerTable(exponent: -popularity)
            scores.scale { discounts[interactions.accountCount(of: $0)] }
        }
        return scores
    }
}
