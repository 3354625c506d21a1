/// Decides whose password is checked next: one is checked at a time, and some wait. Pure; ``PasswordDesk`` carries it out.
///
/// Known addresses go first. Of the others, those with the fewest failures go first, and a second client of a neighbourhood waits
/// as if it had failed once more: an attacker with many addresses waits behind a client with one. If all places are taken, the
/// last in this order is refused.
struct PasswordQueue {
    struct Claim: Sendable {
        /// From an address that logged in to the account before, or from a client that cannot be a stranger.
        var isKnown = false
        /// Failed logins of the address, including attempts under way.
        var failures = 0.0
        /// ``IPAddress/neighbourhood``.
        var neighbourhood: IPAddress?
    }

    private struct Place {
        var ticket: UInt64
        var neighbourhood: IPAddress?
        /// The least number of tickets before it. Fixed at its arrival: a client that moved up as its neighbours are served would
        /// stay before later ones from elsewhere.
        var rank: Int
    }

    /// Waiting places; each check takes a fifth of a second.
    static let places = 64

    /// In the order of their arrival.
    private var waiting: [Place] = []
    private(set) var isBusy = false

    /// - Returns: the ticket that begins at once, and the one that is refused; either may be this one.
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

    /// The current check has finished.
    ///
    /// - Returns: the ticket that begins.
    mutating func next() -> UInt64? {
        guard let first = waiting.indices.min(by: { isBefore($0, $1) }) else {
            isBusy = false
            return nil
        }
        return waiting.remove(at: first).ticket
    }

    /// Returns false if the ticket does not wait: it is being checked, or was refused.
    mutating func leave(_ ticket: UInt64) -> Bool {
        guard let place = waiting.firstIndex(where: { $0.ticket == ticket }) else { return false }
        waiting.remove(at: place)
        return true
    }

    private func isBefore(_ place: Int, _ other: Int) -> Bool { (waiting[place].rank, place) < (waiting[other].rank, other) }
}
