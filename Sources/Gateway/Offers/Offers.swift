import Foundation
import Locker
import Taste

/// The offer that an account may be shown now.
struct Offers: Sendable {
    let catalogue: Catalogue
    let board: OfferBoard
    let suggestions: Suggestions
    let streams: StreamCount
    let rules: OfferRules

    /// Nil if there is none for the account: it does not take part, has switched offers off or had its share of them, listens to
    /// something, or nothing fits.
    ///
    /// - Parameter plan: of the account.
    func current(for account: Int64, plan: String?) async throws -> (offer: Offer, reason: OfferPick.Reason)? {
        let feed = board.feed
        guard !feed.offers.isEmpty, !streams.isStreaming(account), let state = try await catalogue.offers(account: account),
            state.isOn, state.isListener
        else { return nil }
        let history = OfferHistory(shown: state.shown.mapValues(\.id), dismissed: state.dismissed)
        let day = catalogue.offerDay
        guard rules.allows(history, on: day) else { return nil }
        let (view, _) = try await suggestions.view(of: account, now: catalogue.time, withOthers: true)
        let rules = rules
        let pick = try await suggestions.board.ask { likes in
            let taste = view.among(likes).offerTaste(ofArtists: Set(feed.traits.flatMap { $0.artists.joined() }))
            return rules.pick(
                from: feed.traits, for: taste, after: history, plan: plan, on: day, salt: UInt64(bitPattern: account))
        }
        return pick.map { (feed.offers[$0.offer], $0.reason) }
    }
}
