import Locker
import Logging

/// The credentials of Subsonic, which are parameters: `apiKey` alone, or `u` with `p`, or with `t` and `s`.
///
/// Of an account's own passwords, none is taken: see ``Locker/AppPassword``. `Authorization` counts only if there is no other
/// credential: some clients send it for a proxy in front.
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
    let seal: AppPasswordSeal
    private let logger: Logger
    /// Counts failures only: a client that has a password is never slowed down by those that have none.
    private let throttle = LoginThrottle()

    init(access: Access, catalogue: Catalogue, plans: OfferedPlans, seal: AppPasswordSeal, logger: Logger) {
        (self.access, self.catalogue, self.plans, self.seal, self.logger) = (access, catalogue, plans, seal, logger)
    }

    func read(_ places: CredentialPlaces, for scope: RouteScope) async throws -> CredentialReading {
        let parameters = SubsonicParameters(query: places.query)
        let name = parameters["u"]
        let proof = SubsonicProof(parameters)
        // Clients with a field for each credential send the empty ones too.
        if let key = parameters["apiKey"], !key.isEmpty || name?.isEmpty ?? true {
            guard ["u", "p", "t"].allSatisfy({ parameters[$0]?.isEmpty ?? true }) else {
                throw SubsonicError(.conflictingMechanisms, "send apiKey alone, without u, p and t")
            }
            return .valid(try await grant(ofKey: key, places))
        }
        if case .open(let grant) = access { return .valid(grant) }
        if name == nil, proof == nil, let bearer = places.bearer { return .valid(try await grant(ofKey: bearer, places)) }
        guard let name, !name.isEmpty else { throw SubsonicError.missing("u") }
        guard let proof else { throw SubsonicError.missing(parameters["t"] == nil ? "p" : "s") }
        return .valid(try await grant(named: name, proof, places))
    }

    /// - Throws: 44 for a key that is wrong or revoked.
    private func grant(ofKey key: String, _ places: CredentialPlaces) async throws -> Grant {
        let grant: Grant?
        switch access {
        case .open(let all): grant = all
        case .token(let token, let all): grant = constantTimeEquals(key, token) ? all : nil
        case .accounts:
            // Both are looked for in any case, so that the time does not tell which kind a key is like.
            let password = try await catalogue.holder(ofAppPassword: key, seal: seal)
            let holder = try await catalogue.holder(ofKey: key)
            grant = (password ?? holder).map { Grant($0, plans) }
        }
        guard let grant else {
            throw failure(SubsonicError(.invalidKey, "the API key is not valid"), LoginAttempt(key, nil, places), places)
        }
        return grant
    }

    /// - Throws: 40, after the same time, whether the name or the password is wrong, or the password was revoked.
    private func grant(named name: String, _ proof: SubsonicProof, _ places: CredentialPlaces) async throws -> Grant {
        switch access {
        case .open(let all): return all
        case .token(let token, let all):
            // The one account has no name.
            guard proof.matches(token) else { throw failure(.wrongCredentials, LoginAttempt(name, nil, places), places) }
            return all
        case .accounts:
            let found = try await catalogue.holder(ofAppPasswordNamed: name, seal: seal, where: proof.matches)
            guard let holder = found.holder else {
                throw failure(.wrongCredentials, LoginAttempt(name, found.account, places), places)
            }
            return Grant(holder, plans)
        }
    }

    /// The answer to wrong credentials: `error`, or to clients that go on guessing that they have to wait. These are not logged, so
    /// that they cannot fill a disk.
    private func failure(_ error: SubsonicError, _ attempt: LoginAttempt, _ places: CredentialPlaces) -> SubsonicError {
        guard case .wait(let wait) = throttle.begin(attempt) else {
            // Without the name, which may be a password typed into the wrong field.
            logger.notice(
                "login failed", metadata: ["address": "\(places.client?.description ?? "unknown")", "at": "/rest"])
            return error
        }
        var error = SubsonicError(error.code, "too many failed logins: wait")
        error.wait = max(1, Int((wait / .seconds(1)).rounded(.up)))
        return error
    }
}

extension LoginAttempt {
    fileprivate init(_ name: String, _ account: Int64?, _ places: CredentialPlaces) {
        self.init(network: places.client?.network, name: Name(account: account, name: name))
    }
}
