import Crypto
import Foundation
import Locker

/// `?ticket=` on media: a ``Ticket``, signed with the server's key, of an account that still exists, and of a share that still
/// offers the track.
struct TicketReader: CredentialReader {
    let key: SymmetricKey
    let catalogue: Catalogue
    let plan: PlanOfAccount

    func read(_ places: CredentialPlaces, for scope: RouteScope) async throws -> CredentialReading {
        guard let text = Self.text(places, for: scope) else { return .absent }
        let now = Int(Date.now.timeIntervalSince1970)
        guard let ticket = Ticket(text, key: key, now: now) else { return .invalid }
        if let share = ticket.share {
            let isShared = try await catalogue.isShared(ticket.track, by: share, account: ticket.account)
            guard isShared else { return .invalid }
        }
        return CredentialReading(try await plan.plan(ticket.account).map { Grant(.ticket(ticket), .stream, $0) })
    }

    /// The text in the place of a ticket; nil on routes that take no tickets.
    static func text(_ places: CredentialPlaces, for scope: RouteScope) -> String? {
        scope == .media ? places.parameter("ticket") : nil
    }
}
