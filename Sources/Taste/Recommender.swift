/// Ranks what an account may like: the walk, the regression over its neighbours, and the walk on artists, added up.
///
/// Each part is divided by the mean of its 20 best scores before it is added. Everything is a function of the lists at the time of the
/// question; nothing is fitted.
public struct Recommender: Sendable, Hashable {
    public var walk: Walk
    /// Nil: without the regression.
    public var ridge: Ridge?
    /// The regression's weight beside the walk's 1.
    public var ridgeShare: Float
    /// The weight of the walk on artists beside the walk's 1.
    public var artistShare: Float

    public init(walk: Walk = Walk(), ridge: Ridge? = Ridge(), ridgeShare: Float = 2, artistShare: Float = 0.05) {
        self.walk = walk
        self.ridge = ridge
        self.ridgeShare = ridgeShare.isFinite ? min(max(ridgeShare, 0), 100) : 0
        self.artistShare = artistShare.isFinite ? min(max(artistShare, 0), 100) : 0
    }

    /// Scores of all items that enough accounts stand behind, the seeds among them.
    ///
    /// - Parameter artists: nil: without the walk on artists.
    public func scores(
        from seeds: [Seed], in interactions: Interactions, artists: Artists? = nil, without account: Int32? = nil
    ) -> Scores {
        // Only ratios of weights count; those of an account that was away for years are tiny.
        let sound = seeds.filter(\.isSound)
        let heaviest = sound.map(\.weight).max() ?? 1
        let seeds = sound.map { Seed(item: $0.item, weight: $0.weight / heaviest) }
        let paths = walk.paths(from: seeds, in: interactions, without: account)
        var scores = walk.scores(over: paths, in: interactions)
        let level = scores.level
        if level > 0, level.isFinite {
            scores.scale { _ in 1 / level }
            if let ridge, ridgeShare > 0 {
                let mixture = ridge.scores(over: paths, in: interactions)
                let level = mixture.level
                if level > 0 { for item in scores.items { scores.raise(item, by: ridgeShare * mixture[item] / level) } }
            }
        }
        if let artists, artistShare > 0 {
            // Little hangs on it, so few are followed.
            var walk = walk
            (walk.seeds, walk.paths) = (min(walk.seeds, 50), min(walk.paths, 1000))
            let found = walk.scores(from: artists.seeds(seeds), in: artists.interactions, without: account)
            let spread = artists.spread(found, in: interactions)
            var best = BestHeap(capacity: 20)
            for scored in spread { best.insert(scored) }
            let level = Scores.level(of: best.sorted())
            if level > 0 { for scored in spread { scores.raise(scored.item, by: artistShare * scored.score / level) } }
        }
        return scores
    }
}
