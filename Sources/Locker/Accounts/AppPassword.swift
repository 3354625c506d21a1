/// A password of one program of an account, without its text.
///
/// Protocols such as Subsonic have clients prove a password by a hash of it with a salt of their own, so the server must
/// know the text: an account's own password, of which it knows only a hash, is never one of these.
public struct AppPassword: Sendable, Hashable, Identifiable {
    /// 22 base62 characters, random: not the password.
    public var id: String
    /// The owner's name for it: a device, say.
    public var label: String
    /// Milliseconds since 1970.
    public var created: Int
    /// When it was last used, in milliseconds since 1970, exact to a minute; nil before the first use.
    public var used: Int?

    /// The scopes of every app password: media, and the contents of the locker.
    public static let scopes: Scope = [.stream, .library]
}
