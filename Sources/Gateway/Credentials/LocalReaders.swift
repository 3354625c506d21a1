import Locker

/// `--open`: admits every request, whatever credentials it has.
struct OpenReader: CredentialReader {
    let grant: Grant

    func read(_ places: CredentialPlaces, for scope: RouteScope) async throws -> CredentialReading { .valid(grant) }
}

/// `--token`: the one token, as `Authorization: Bearer TOKEN`, or in the place of a ticket.
struct TokenReader: CredentialReader {
    let token: String
    let grant: Grant

    func read(_ places: CredentialPlaces, for scope: RouteScope) async throws -> CredentialReading {
        if places.authorization != nil {
            return CredentialReading(places.bearer.map { constantTimeEquals($0, token) } == true ? grant : nil)
        }
        guard let text = TicketReader.text(places, for: scope), constantTimeEquals(text, token) else { return .absent }
        return .valid(grant)
    }
}
