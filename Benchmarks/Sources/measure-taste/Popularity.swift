import Taste

extension Scores {
    /// The count of accounts of each item.
    static func popularity(in interactions: Interactions) -> Scores {
        var scores = Scores(count: interactions.itemCount)
        for item in 0..<Int32(interactions.itemCount) { scores.raise(item, by: Float(interactions.accountCount(of: item))) }
        return scores
    }
}
