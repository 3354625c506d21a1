/// What is kept of offers for one account.
public struct OfferState: Sendable, Hashable {
    /// Whether the account wants to be shown offers.
    public var isOn: Bool
    /// Whether it lets its taste be learned: nothing is offered without.
    public var isListener: Bool
    /// The offer that it was shown on each of the latest days, by days since 1970 (UTC), and whether it followed it.
    public var shown: [Int: ShownOffer]
    /// Ids of offers that it does not want to see again.
    public var dismissed: Set<String>
}

/// An offer that an account was shown on a day.
public struct ShownOffer: Sendable, Hashable {
    public var id: String
    public var isClicked: Bool
}

/// How often an offer was shown and followed on a day, by all accounts together.
public struct OfferCount: Sendable, Hashable {
    /// Days since 1970 (UTC).
    public var day: Int
    /// The offer's id.
    public var offer: String
    /// Accounts that were shown it on that day.
    public var shown: Int
    /// Those of them that followed it.
    public var clicked: Int
}
