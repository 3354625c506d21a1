import Locker

/// Reads one kind of credential. A group of routes has a list of readers (``RouteGroup``): the first that finds a credential of its kind
/// decides, and nothing is known of the kinds behind it.
protocol CredentialReader: Sendable {
    /// What the request shows of this kind, for a route of this scope.
    ///
    /// It does not throw for a credential that is wrong: whatever is wrong with one, ``Authentication`` gives the same answer.
    func read(_ places: CredentialPlaces, for scope: RouteScope) async throws -> CredentialReading
}

/// What a reader found.
enum CredentialReading: Sendable {
    /// No credential of its kind: the next reader is asked.
    case absent
    /// One that is forged, revoked, expired or malformed: no other reader is asked.
    case invalid
    case valid(Grant)

    /// What a credential that is there allows; nil where it is wrong.
    init(_ grant: Grant?) { self = grant.map(Self.valid) ?? .invalid }
}

/// What valid credentials allow, and to what the plan of their account limits it.
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
