/// Which offer an account is shown, if any: at most one a day, on few days, and only what fits.
///
/// Everything follows from the arguments: asked again on the same day, the answer is the same.
public struct OfferRules: Sendable, Hashable {
    /// Days within which ``perOffer`` counts. What was shown before need not be known.
    public static let memory = 90
    /// The least liking of an artist, beside 1 for the best liked, that is a reason.
    private static let leastArtist = 0.05
    private static let leastOther = 0.2
    private static let leastTag = 0.05

    /// Days of any seven on which an account is shown an offer, 0 to 7.
    public var perWeek: Int
    /// Days of any 90 on which an account is shown the same offer.
    public var perOffer: Int
    /// Where the listeners are: `DE`, `DE-BY`; nil if it is not known.
    public var region: String?

    public init(perWeek: Int = 3, perOffer: Int = 3, region: String? = nil) {
        self.perWeek = min(max(0, perWeek), 7)
        self.perOffer = max(0, perOffer)
        self.region = region
    }

    /// Whether an offer may be shown on a day at all, so that the rest need not be worked out if not.
    ///
    /// - Parameter day: since 1970, as all days.
    public func allows(_ history: OfferHistory, on day: Int) -> Bool {
        if let shown = history.shown[day] { return !history.dismissed.contains(shown) }
        return history.shown.keys.count { $0 > day - 7 && $0 < day } < perWeek
    }

    /// The offer of a day; nil if there is none.
    ///
    /// What the account was shown on that day is the day's offer; if it was dismissed since, there is no other.
    ///
    /// - Parameters:
    ///   - plan: of the account.
    ///   - salt: the account's number or the like, so that offers of equal score are spread over accounts.
    public func pick(
        from offers: [OfferTraits], for taste: OfferTaste, after history: OfferHistory, plan: String? = nil, on day: Int,
        salt: UInt64 = 0
    ) -> OfferPick? {
        guard allows(history, on: day) else { return nil }
        let times = history.shown.filter { $0.key > day - Self.memory && $0.key < day }
            .reduce(into: [String: Int]()) { $0[$1.value, default: 0] += 1 }
        var best: (pick: OfferPick, rank: Rank)?
        for (place, offer) in offers.enumerated() {
            let count = times[offer.id] ?? 0
            guard offer.days.contains(day), offer.isIn(region), !history.dismissed.contains(offer.id),
                offer.plan == nil || offer.plan != plan, history.shown[day] ?? offer.id == offer.id,
                history.shown[day] != nil || count < perOffer, let (reason, score) = reason(for: offer, taste)
            else { continue }
            let rank = Rank(score: score / Double(1 + count), times: count, number: Self.number(offer.id, day, salt))
            if best == nil || best.map({ rank.isBefore($0.rank) }) == true {
                best = (OfferPick(offer: place, reason: reason), rank)
            }
        }
        return best?.pick
    }

    private struct Rank {
        var score: Double
        var times: Int
        var number: UInt64

        func isBefore(_ other: Rank) -> Bool {
            if score != other.score { return score > other.score }
            return times != other.times ? times < other.times : number < other.number
        }
    }

    /// Why an offer fits, and how well: an artist of one's own before one that others like, that before a genre, that before what is
    /// for everyone. Nil if it fits not.
    private func reason(for offer: OfferTraits, _ taste: OfferTaste) -> (OfferPick.Reason, score: Double)? {
        guard offer.isForTaste else { return (.general, 0) }
        func best(_ groups: [[String]], _ likings: [String: Double], _ least: Double) -> (place: Int, liking: Double)? {
            let likings = groups.map { keys in keys.compactMap { likings[$0] }.filter(\.isFinite).max() ?? 0 }
            guard let place = likings.indices.max(by: { (likings[$0], $1) < (likings[$1], $0) }), likings[place] >= least else {
                return nil
            }
            return (place, min(likings[place], 1))
        }
        if let own = best(offer.artists, taste.artists, Self.leastArtist) { return (.artist(own.place), 2 + own.liking) }
        if let other = best(offer.artists, taste.others, Self.leastOther) { return (.taste, 1 + other.liking) }
        if let tag = best(offer.tags.map { [$0] }, taste.tags, Self.leastTag) { return (.tag(tag.place), tag.liking) }
        return nil
    }

    /// Decides between equals: another order for each day and account.
    private static func number(_ id: String, _ day: Int, _ salt: UInt64) -> UInt64 {
        // FNV-1a, since Swift's own hashes differ from run to run.
        let hash = id.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        return mixed(hash ^ mixed(UInt64(bitPattern: Int64(day)) ^ mixed(salt)))
    }
}
