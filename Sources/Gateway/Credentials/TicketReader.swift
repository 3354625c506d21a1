import Crypto
import Foundation
import Locker

/// `?ticket=` on media: a ``Ticket``, signed with the server's key, of an account that still exists.
struct TicketReader: CredentialReader {
    let key: SymmetricKey
    /// The plan of a ticket's account; nil if the account does not exist.
    let plan: @Sendable (_ account: Int64) async throws -> OfferedPlan?

    func read(_ places: CredentialPlaces, for scope: RouteScope) async throws -> CredentialReading {
        guard let text = Self.text(places, for: scope) else { return .absent }
        let now = Int(Date.now.timeIntervalSince1970)
        guard let ticket = Ticket(text, key: key, now: now) else { return .invalid }
        return CredentialReading(try await plan(ticket.account).map { Grant(.ticket(ticket), .stream, $0) })
    }

    /// The text in the place of a ticket; nil on routes that take no tickets.
    static func text(_ places: CredentialPlaces, for scope: RouteScope) -> String? {
        scope == .media ? places.parameter("ticket") : nil
    }
}
