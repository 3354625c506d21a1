/// An item that an account may like, and why.
public struct Suggestion: Sendable, Hashable {
    public var item: Int32
    /// Without a unit; only the order within one answer means something.
    public var score: Float
    /// Largest share first. Empty for what only the artist speaks for.
    public var reasons: [Reason]

    public init(item: Int32, score: Float, reasons: [Reason] = []) {
        self.item = item
        self.score = score
        self.reasons = reasons
    }
}
