import Locker
import Taste

/// Something that the operator offers, as its feed has it. Texts have no control characters, and `url` is of HTTP.
struct Offer: Sendable, Hashable {
    enum Kind: String, Sendable, CaseIterable { case music, plan, film, show, concert }

    /// Names its counts and dismissals: letters, digits, `.`, `_` and `-`.
    var id: String
    var kind: Kind
    var title: String
    var text = ""
    /// Whom it is by.
    var by: String?
    /// As the operator words it.
    var price: String?
    var url: String
    /// A file beside the feed.
    var picture: String?
    /// When it takes place: 2026-11-30.
    var date: String?
    var artists: [String] = []
    var tags: [String] = []
    /// Where it may be shown; empty for everywhere.
    var regions: [String] = []
    /// Days since 1970 (UTC) on which it may be shown.
    var days = 0...Int.max
    /// The plan that it offers.
    var plan: String?
    /// Of the feed, counted from 1.
    var line = 1

    /// What ranking may know of it.
    var traits: OfferTraits {
        OfferTraits(
            id: id, artists: artists.map(Self.keys(ofArtist:)),
            tags: tags.map { OwnTrack.withoutAccents(OwnTrack.key(ofGenre: $0)) }, regions: regions, days: days, plan: plan)
    }

    /// The keys that an artist may have in a library, without accents: that of the name, and those of the usual sort names,
    /// `Beatles, The` and `Bowie, David`.
    static func keys(ofArtist name: String) -> [String] {
        let words = name.split(separator: " ")
        var names = [name]
        if words.count > 1, let first = words.first, let last = words.last {
            names.append("\(words.dropFirst().joined(separator: " ")), \(first)")
            if words.count > 2 { names.append("\(last), \(words.dropLast().joined(separator: " "))") }
        }
        return names.map { OwnTrack.withoutAccents(OwnTrack.key(ofArtist: $0)) }
    }
}
