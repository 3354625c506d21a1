/// A login of an account, without its secret.
public struct Session: Sendable, Hashable, Identifiable {
    /// 22 base62 characters, random: not the secret.
    public var id: String
    public var account: Int64
    /// Milliseconds since 1970.
    public var created: Int
    /// When it was last used, in milliseconds since 1970, exact to a minute.
    public var used: Int
    /// The program that began it, in its own words; empty if it said nothing.
    public var client: String
    /// As ``Holder/credential``.
    public var credential: String
}
