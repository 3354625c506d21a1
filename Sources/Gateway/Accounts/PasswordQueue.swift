/// Whose password is checked next: one is at a time, and some wait. A pure decision; ``PasswordDesk`` carries it out.
///
/// Who was let in from there before goes first. Of the others, whoever failed least goes first, and a neighbourhood's second waits like
/// one that failed once: an attacker with many addresses waits behind whoever has one. Where all places are taken, the last in that
/// order makes way.
struct PasswordQueue {
    struct Claim: Sendable {
        /// From an address that logged in to the account before, or of somebody who cannot be a stranger.
        var isKnown = false
        /// Failed logins of the address, with those under way.
        var failures = 0.0
        /// ``IPAddress/neighbourhood``.
        var neighbourhood: IPAddress?
    }

    private struct Place {
        var ticket: UInt64
        var neighbourhood: IPAddress?
        /// How many go before it at least. It stands from its arrival on: one that moved up as its neighbours are served would stay
        /// before whoever comes later from elsewhere.
        var rank: Int
    }

    /// Each takes a fifth of a second.
    static let places = 64

    /// In the order of their arrival.
    private var waiting: [Place] = []
    private(set) var isBusy = false

    /// - Returns: the ticket that is to begin at once, and the one that is turned away; either may be this one.
    mutating func enter(_ ticket: UInt64, _ claim: Claim) -> (begins: UInt64?, leaves: UInt64?) {
        guard isBusy else {
            isBusy = true
            return (ticket, nil)
        }
        let neighbours = waiting.count { $0.rank >= 0 && $0.neighbourhood == claim.neighbourhood }
        let rank = claim.isKnown ? -1 : Int(min(claim.failures, 1000)) + neighbours
        waiting.append(Place(ticket: ticket, neighbourhood: claim.neighbourhood, rank: rank))
        guard waiting.count > Self.places, let last = waiting.indices.max(by: { isBefore($0, $1) }) else { return (nil, nil) }
        return (nil, waiting.remove(at: last).ticket)
    }

    /// The one at work has finished.
    ///
    /// - Returns: the ticket that begins.
    mutating func next() -> UInt64? {
        guard let first = waiting.indices.min(by: { isBefore($0, $1) }) else {
            isBusy = false
            return nil
        }
        return waiting.remove(at: first).ticket
    }

    /// False where the ticket does not wait: it is at work, or was turned away.
    mutating func leave(_ ticket: UInt64) -> Bool {
        guard let place = waiting.firstIndex(where: { $0.ticket == ticket }) else { return false }
        waiting.remove(at: place)
        return true
    }

    private func isBefore(_ place: Int, _ other: Int) -> Bool { (waiting[place].rank, place) < (waiting[other].rank, other) }
}
