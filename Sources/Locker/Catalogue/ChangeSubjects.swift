/// The parts of an account that a change concerns.
public struct ChangeSubjects: OptionSet, Sendable, Hashable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The play queue.
    public static let queue = ChangeSubjects(rawValue: 1)
    /// Tracks, with the albums, artists and genres that are made of them, and marks.
    public static let library = ChangeSubjects(rawValue: 2)
    /// The states of uploads. An upload's progress is no change.
    public static let uploads = ChangeSubjects(rawValue: 4)
    public static let playlists = ChangeSubjects(rawValue: 8)
    public static let history = ChangeSubjects(rawValue: 16)
    /// The plan, sessions, keys, shares, app passwords, scrobbling, taste, what is hidden, offers.
    public static let account = ChangeSubjects(rawValue: 32)
    /// A session, a key or the account has ended. Clients are not told of it: it is for those who hold a credential.
    public static let credentials = ChangeSubjects(rawValue: 64)
    /// What was learned of the account's taste, or its history, is erased. Clients are not told of it: it is for those who keep of that in
    /// memory.
    static let erased = ChangeSubjects(rawValue: 128)
    public static let all: ChangeSubjects = [.queue, .library, .uploads, .playlists, .history, .account, .credentials]

    /// What no process remembers: its changes leave everything that is remembered right.
    static let unremembered: ChangeSubjects = [.queue, .uploads, .playlists]
    /// What a removed track was part of.
    static let ofTracks: ChangeSubjects = [.library, .queue, .playlists, .history]

    private static let names: [(name: String, subjects: ChangeSubjects)] = [
        ("queue", .queue), ("library", .library), ("uploads", .uploads), ("playlists", .playlists), ("history", .history),
        ("account", .account)
    ]

    /// As clients are told, in this order: queue, library, uploads, playlists, history, account.
    public var names: [String] { Self.names.filter { contains($0.subjects) }.map(\.name) }
}
