/// What the taste of one account says of artists and tags, by key.
public struct OfferTaste: Sendable, Hashable {
    /// How much the account likes artists that it has: 1 for the one it likes best.
    public var artists: [String: Double]
    /// The share of all that the account likes which has a tag, 0 to 1.
    public var tags: [String: Double]
    /// How much accounts that like the same like artists whom the account does not have: 1 for the best of them. Only artists whom
    /// enough of them like.
    public var others: [String: Double]

    public init(artists: [String: Double] = [:], tags: [String: Double] = [:], others: [String: Double] = [:]) {
        (self.artists, self.tags, self.others) = (artists, tags, others)
    }
}
