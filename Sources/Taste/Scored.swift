/// An item with its score.
public struct Scored: Sendable, Hashable {
    public var item: Int32
    /// Without a unit; higher is better.
    public var score: Float

    public init(item: Int32, score: Float) {
        self.item = item
        self.score = score
    }

    /// Whether this comes before another: by score, then by the lower number.
    func isBefore(_ other: Scored) -> Bool {
        score != other.score ? score > other.score : item < other.item
    }
}
