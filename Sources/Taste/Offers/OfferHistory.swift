/// What one account was shown before, and does not want.
public struct OfferHistory: Sendable, Hashable {
    /// The offer of each day, by days since 1970: of one day there is never more than one.
    public var shown: [Int: String]
    /// Offers that are never shown again.
    public var dismissed: Set<String>

    public init(shown: [Int: String] = [:], dismissed: Set<String> = []) { (self.shown, self.dismissed) = (shown, dismissed) }
}
