/// A play as another service has it, by names.
public struct Listen: Sendable, Hashable {
    /// Milliseconds since 1970.
    public var at: Int
    public var title: String
    public var artist: String
    /// Empty if unknown.
    public var album: String
    /// MusicBrainz' identifiers of the recording, each a UUID in lowercase, the most trusted first; none if unknown.
    public var recordings: [String]

    public init(at: Int, title: String, artist: String, album: String = "", recordings: [String] = []) {
        (self.at, self.title, self.artist, self.album) = (at, title, artist, album)
        self.recordings = recordings
    }
}

/// How many listens of an export became plays.
public struct ListenCounts: Sendable, Hashable {
    /// Plays that are new.
    public var joined = 0
    /// Listens that are in the history already.
    public var known = 0
    /// Listens to what the account does not have.
    public var unknown = 0
    /// Listens that are older than what the history keeps.
    public var forgotten = 0

    public init() {}

    public static func += (left: inout ListenCounts, right: ListenCounts) {
        left.joined += right.joined
        left.known += right.known
        left.unknown += right.unknown
        left.forgotten += right.forgotten
    }
}
