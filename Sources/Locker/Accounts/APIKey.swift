/// An account's API key, without its secret.
public struct APIKey: Sendable, Hashable, Identifiable {
    /// 22 base62 characters, random: not the secret.
    public var id: String
    /// The owner's name for it.
    public var label: String
    public var scopes: Scope
    /// Milliseconds since 1970.
    public var created: Int
    /// When it was last used, in milliseconds since 1970, exact to a minute; nil before the first use.
    public var used: Int?
}

/// The account that a secret belongs to, and what the secret permits.
public struct Holder: Sendable, Hashable {
    public var account: Int64
    public var scopes: Scope
    public var plan: String
    /// Tells an account's sessions and keys apart. A client cannot use it as the secret.
    public var credential: String
}
