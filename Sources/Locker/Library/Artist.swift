/// Somebody whose tracks or albums are in an account's locker, alone or with others.
public struct Artist: Sendable, Hashable, Identifiable {
    /// 22 base62 characters, random.
    public var id: String
    public var name: String
    /// Albums of which it is an album artist.
    public var albums: Int
    /// Tracks of which it is an artist.
    public var tracks: Int
    public var marks: Marks
}

/// An album in an account's locker: tracks with one album name and one album artist, of one release.
public struct Album: Sendable, Hashable, Identifiable {
    /// 22 base62 characters, random.
    public var id: String
    public var name: String
    /// The album artist, as the tags have it; empty where unknown.
    public var artist: String
    /// The first of `artists`.
    public var artistID: String
    /// The album artists one by one; none where unknown.
    public var artists: [Credit]
    public var tracks: Int
    /// Seconds.
    public var duration: Double
    /// The latest of its tracks' years; 0 where unknown.
    public var year: Int
    /// Milliseconds since 1970 at which its latest track came.
    public var added: Int
    /// Whether its tags say so, or its tracks are by several artists and none of them by the album's.
    public var isCompilation: Bool
    /// The track whose cover is its own.
    public var cover: Track?
    public var marks: Marks
}

/// A genre of an account's tracks, however its letters are cased.
public struct Genre: Sendable, Hashable {
    public var name: String
    public var tracks: Int
}

/// What a listener thinks of a track, an album or an artist.
public struct Marks: Sendable, Hashable {
    /// Milliseconds since 1970 at which it became a favourite; nil where it is none.
    public var favourite: Int?
    /// 1 to 5; 0 where there is none.
    public var rating: Int
}

/// What can be marked.
public enum Markable: String, Sendable, CaseIterable {
    case track
    case album
    case artist
}
