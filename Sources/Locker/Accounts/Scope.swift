/// What an API key may do; a session and the one account of `--open` and `--token` may do all of it.
public struct Scope: OptionSet, Sendable, Hashable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Media and covers.
    public static let stream = Scope(rawValue: 1)
    /// What is in the locker, and changes to it.
    public static let library = Scope(rawValue: 2)
    public static let upload = Scope(rawValue: 4)
    /// Keys and the account itself.
    public static let admin = Scope(rawValue: 8)
    public static let all: Scope = [.stream, .library, .upload, .admin]

    private static let names: [(name: String, scope: Scope)] = [
        ("stream", .stream), ("library", .library), ("upload", .upload), ("admin", .admin)
    ]

    /// Nil for a name that is none of stream, library, upload, admin.
    public init?(names: [String]) {
        self = []
        for name in names {
            guard let known = Self.names.first(where: { $0.name == name }) else { return nil }
            insert(known.scope)
        }
    }

    public var names: [String] { Self.names.filter { contains($0.scope) }.map(\.name) }
}
