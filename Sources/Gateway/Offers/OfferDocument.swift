import Taste

/// An offer as an account is shown it.
struct OfferDocument: Encodable {
    struct Reason: Encodable {
        var kind: String
        @Nullable var name: String?
    }

    var id: String
    var kind: String
    var title: String
    var text: String
    @Nullable var by: String?
    @Nullable var price: String?
    var url: String
    @Nullable var picture: String?
    @Nullable var date: String?
    var reason: Reason

    /// The names in a reason are the feed's: what a library or another account calls an artist is not in it.
    init(_ offer: Offer, _ reason: OfferPick.Reason) {
        (id, kind, title, text, by) = (offer.id, offer.kind.rawValue, offer.title, offer.text, offer.by)
        (price, url, date) = (offer.price, offer.url, offer.date)
        picture = offer.picture.map { _ in "/api/v1/offers/\(offer.id)/picture" }
        self.reason =
            switch reason {
            case .artist(let place): Reason(kind: "artist", name: offer.artists[place])
            case .tag(let place): Reason(kind: "genre", name: offer.tags[place])
            case .taste: Reason(kind: "taste", name: nil)
            case .general: Reason(kind: "general", name: nil)
            }
    }
}
