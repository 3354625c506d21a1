/// The permissions of an API key. A session, and the one account of `--open` and `--token`, has all of them.
public struct Scope: OptionSet, Sendable, Hashable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Media and covers.
    public static let stream = Scope(rawValue: 1)
    /// The contents of the locker, and changes to them.
    public static let library = Scope(rawValue: 2)
    public static let upload = Scope(rawValue: 4)
    /// Keys and the account itself.
    public static let admin = Scope(rawValue: 8)
    public static let all: Scope = [.stream, .library, .upload, .admin]

    private static let names: [(name: String, scope: Scope)] = [
        ("stream", .stream), ("library", .library), ("upload", .upload), ("admin", .admin)
    ]

    /// Returns nil if a name is not one of stream, library, upload and admin.
    public init?(names: [String]) {
        self = []
        for name in names {
            guard let known = Self.names.first(where: { $0.name == name }) else { return nil }
            insert(known.scope)
        }
    }

    public var names: [String] { Self.names.filter { contains($0.scope) }.map(\.name) }
}
