/// A key of an account for programs, without its secret.
public struct APIKey: Sendable, Hashable, Identifiable {
    /// 22 base62 characters, random: not the secret.
    public var id: String
    /// What its owner calls it.
    public var label: String
    public var scopes: Scope
    /// Milliseconds since 1970.
    public var created: Int
    /// Milliseconds since 1970, exact to a minute; nil before the first time.
    public var used: Int?
}

/// Whose a secret is, and what it is good for.
public struct Holder: Sendable, Hashable {
    public var account: Int64
    public var scopes: Scope
    public var plan: String
    /// Tells sessions and keys of an account apart; says nothing of the secret that could be used.
    public var credential: String
}
