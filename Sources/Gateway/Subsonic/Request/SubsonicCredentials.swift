import Locker

/// The credentials of Subsonic, which are parameters: `apiKey` alone, or `u` with `p`, or with `t` and `s`.
///
/// `Authorization` counts only if there is no other credential: some clients send it for a proxy in front.
struct SubsonicCredentials: CredentialReader {
    /// Who may use the server; see ``Authentication/readers(_:account:catalogue:plans:key:)``.
    enum Access: Sendable {
        /// Every request, with these permissions.
        case open(Grant)
        case token(String, Grant)
        case accounts
    }

    let access: Access
    let catalogue: Catalogue
    let plans: OfferedPlans

    func read(_ places: CredentialPlaces, for scope: RouteScope) async throws -> CredentialReading {
        let parameters = SubsonicParameters(query: places.query)
        if let key = parameters["apiKey"] {
            guard parameters["u"] == nil, parameters["p"] == nil, parameters["t"] == nil else {
                throw SubsonicError(.conflictingMechanisms, "send apiKey alone, without u, p and t")
            }
            guard let grant = try await grant(ofKey: key) else { throw SubsonicError(.invalidKey, "the API key is not valid") }
            return .valid(grant)
        }
        if case .open(let grant) = access { return .valid(grant) }
        if parameters["u"] == nil, parameters["p"] == nil, parameters["t"] == nil, let bearer = places.bearer {
            guard let grant = try await grant(ofKey: bearer) else { throw SubsonicError(.invalidKey, "the API key is not valid") }
            return .valid(grant)
        }
        guard parameters["u"] != nil else { throw SubsonicError.missing("u") }
        throw SubsonicError.wrongCredentials
    }

    private func grant(ofKey key: String) async throws -> Grant? {
        switch access {
        case .open(let grant): grant
        case .token(let token, let grant): constantTimeEquals(key, token) ? grant : nil
        case .accounts: try await catalogue.holder(ofKey: key).map { Grant($0, plans) }
        }
    }
}
