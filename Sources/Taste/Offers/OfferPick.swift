/// The one offer that an account may be shown, and why.
public struct OfferPick: Sendable, Hashable {
    public enum Reason: Sendable, Hashable {
        /// The account likes one of its artists: the place among them.
        case artist(Int)
        /// Others who like the same like one of its artists. It is not said which, or who.
        case taste
        /// The account likes a genre or a mood of it: the place among its tags.
        case tag(Int)
        /// It is for everyone.
        case general
    }

    /// The place among the offers.
    public var offer: Int
    public var reason: Reason

    public init(offer: Int, reason: Reason) { (self.offer, self.reason) = (offer, reason) }
}
