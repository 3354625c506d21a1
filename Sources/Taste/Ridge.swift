/// A ridge regression over the accounts nearest to the one that asks, solved at query time.
///
/// The walk adds up what neighbours like, so ten neighbours who are alike count ten times. The regression asks which mixture of neighbours
/// gives the asking account's own list, and what that mixture likes besides:
///
///     (K + λ·mean K(v, v)·I) y = R x        score(j) = n(j)^-γ · Σ_v y(v) · R(v, j)        K = R Rᵀ
///
/// R has a row for each of the neighbours that ``Walk`` reaches with the largest weights, with R(v, j) = |v|^-p · n(j)^-q. By duality the
/// answer is that of a linear autoencoder (EASE without its condition on the diagonal: Steck, WWW 2019) fitted to these accounts alone.
/// Nothing is fitted ahead, so a play changes the next answer and an erased account leaves no trace.
///
/// The system is solved by conjugate gradients without ever making K: the time is that of ``steps`` readings of the neighbours' lists.
public struct Ridge: Sendable, Hashable {
    /// The most accounts in the mixture.
    public var neighbours: Int
    /// λ, in multiples of the mean of K's diagonal.
    public var penalty: Float
    /// p: how much less a long list counts.
    public var activity: Float
    /// q: how much less a popular item counts in the comparison.
    public var popularity: Float
    /// γ: how much of an item's popularity is taken back from its score, besides q.
    public var discount: Float
    /// Steps of the conjugate gradients. With λ of 10, four find as much as the exact solution.
    public var steps: Int

    public init(
        neighbours: Int = 300, penalty: Float = 10, activity: Float = 0.25, popularity: Float = 0.1, discount: Float = 0.2,
        steps: Int = 4
    ) {
        self.neighbours = max(0, neighbours)
        self.penalty = penalty.isFinite ? min(max(penalty, 0.001), 1e6) : 10
        self.activity = activity.isFinite ? min(max(activity, 0), 1) : 0
        self.popularity = popularity.isFinite ? min(max(popularity, 0), 1) : 0
        self.discount = discount.isFinite ? min(max(discount, 0), 1) : 0
        self.steps = min(max(1, steps), 100)
    }

    /// Scores of what the mixture likes, the seeds among it.
    ///
    /// - Parameter walk: says which accounts are near. Its support is not asked for here: what is shown must pass the walk too.
    public func scores(
        from seeds: [Seed], in interactions: Interactions, without account: Int32? = nil, walk: Walk
    ) -> Scores {
        scores(over: walk.paths(from: seeds, in: interactions, without: account), in: interactions)
    }

    /// - Parameter paths: as ``Walk/paths(from:in:without:)`` gives them.
    func scores(over paths: [WalkPath], in interactions: Interactions) -> Scores {
        let near = nearest(paths, in: interactions)
        let system = RidgeSystem(near, ridge: self, interactions: interactions)
        guard let mixture = system.mixture(for: paths.map(\.seed), steps: steps) else {
            return Scores(count: interactions.itemCount)
        }
        return system.scores(of: mixture, discount: discount)
    }

    /// Accounts by how much of the walk passes through each of them, most first.
    private func nearest(_ paths: [WalkPath], in interactions: Interactions) -> [Int32] {
        var passing = Scores(count: interactions.accountCount)
        for path in paths {
            for account in path.accounts { passing.add(path.share, to: account) }
        }
        passing.scale { 1 / Float(max(1, interactions.byAccount.count(of: $0))) }
        return passing.best(neighbours).map(\.item)
    }
}
