import Locker

/// Reads one kind of credential. A group of routes has a list of readers (``RouteGroup``): the first that finds a credential
/// of its kind decides, and later ones are not asked.
protocol CredentialReader: Sendable {
    /// Reads the request's credential of this kind, for a route of this scope.
    ///
    /// It does not throw for a wrong credential: ``Authentication`` gives the same answer to all of them.
    func read(_ places: CredentialPlaces, for scope: RouteScope) async throws -> CredentialReading
}

/// The result of a reader.
enum CredentialReading: Sendable {
    /// No credential of its kind: the next reader is asked.
    case absent
    /// A credential that is forged, revoked, expired or malformed: no other reader is asked.
    case invalid
    case valid(Grant)

    /// The result for a credential that is present.
    ///
    /// - Parameter grant: nil if the credential is wrong.
    init(_ grant: Grant?) { self = grant.map(Self.valid) ?? .invalid }
}

/// The permission and scopes of valid credentials, and the plan that limits them.
struct Grant: Sendable {
    var permission: Permission
    var scopes: Scope
    var plan: OfferedPlan

    init(_ permission: Permission, _ scopes: Scope, _ plan: OfferedPlan) {
        self.permission = permission
        self.scopes = scopes
        self.plan = plan
    }

    init(_ holder: Holder, _ plans: OfferedPlans) {
        self.init(.account(holder.account, credential: holder.credential), holder.scopes, plans.plan(holder.plan))
    }
}
