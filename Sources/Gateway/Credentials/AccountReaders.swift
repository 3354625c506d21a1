import Locker

/// `Authorization: Bearer KEY`: an API key of an account. Anything else in the field is a wrong credential.
struct APIKeyReader: CredentialReader {
    let catalogue: Catalogue
    let plans: OfferedPlans

    func read(_ places: CredentialPlaces, for scope: RouteScope) async throws -> CredentialReading {
        guard places.authorization != nil else { return .absent }
        guard let key = places.bearer else { return .invalid }
        return CredentialReading(try await catalogue.holder(ofKey: key).map { Grant($0, plans) })
    }
}

/// The cookie of a session. Changes by cookie also need a field; see ``CredentialPlaces/requireFieldOfChanges()``.
struct SessionReader: CredentialReader {
    let catalogue: Catalogue
    let plans: OfferedPlans

    func read(_ places: CredentialPlaces, for scope: RouteScope) async throws -> CredentialReading {
        guard let secret = places.cookie(Authentication.cookie) else { return .absent }
        guard let holder = try await catalogue.holder(ofSession: secret) else { return .invalid }
        try places.requireFieldOfChanges()
        return .valid(Grant(holder, plans))
    }
}
