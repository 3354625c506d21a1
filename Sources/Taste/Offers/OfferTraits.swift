/// What ranking may know of an offer. Its price, its address and who sells it are not among that, so none of them decides who is
/// shown it.
public struct OfferTraits: Sendable, Hashable {
    /// Unique among the offers.
    public var id: String
    /// Artists whom it is by or about, each by all keys that the name may have in a library.
    public var artists: [[String]]
    /// Keys of genres and moods.
    public var tags: [String]
    /// Where it may be shown: `DE`, or `DE-BY` for a part of it. Empty for everywhere.
    public var regions: [String]
    /// Days since 1970 on which it may be shown.
    public var days: ClosedRange<Int>
    /// The plan that it offers: accounts on that plan are not shown it.
    public var plan: String?

    public init(
        id: String, artists: [[String]] = [], tags: [String] = [], regions: [String] = [], days: ClosedRange<Int>,
        plan: String? = nil
    ) {
        (self.id, self.artists, self.tags, self.regions) = (id, artists, tags, regions)
        (self.days, self.plan) = (days, plan)
    }

    /// Whether it is for those alone whose taste it fits.
    var isForTaste: Bool { !artists.isEmpty || !tags.isEmpty }

    /// - Parameter region: where the listeners are; nil if it is not known, which is in no region.
    func isIn(_ region: String?) -> Bool {
        guard !regions.isEmpty else { return true }
        guard let region else { return false }
        return regions.contains { region == $0 || region.hasPrefix($0 + "-") }
    }
}
