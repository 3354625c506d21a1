/// A seed that led to a suggestion: "because you play this".
public struct Reason: Sendable, Hashable {
    /// The number of the item that the account likes.
    public var seed: Int32
    /// How much of the suggestion's score the seed gave, 0 to 1.
    public var share: Float

    public init(seed: Int32, share: Float) {
        self.seed = seed
        self.share = share
    }
}
