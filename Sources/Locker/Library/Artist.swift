/// An artist of tracks or albums in an account's locker, alone or with others.
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
    /// The album artist, as the tags have it; empty if unknown.
    public var artist: String
    /// The first of `artists`.
    public var artistID: String
    /// The album artists one by one; empty if unknown.
    public var artists: [Credit]
    public var tracks: Int
    /// Seconds.
    public var duration: Double
    /// The latest of its tracks' years; 0 if unknown.
    public var year: Int
    /// When its latest track was added, in milliseconds since 1970.
    public var added: Int
    /// Whether its tags say so, or its tracks are by several artists and none is by the album's.
    public var isCompilation: Bool
    /// The track whose cover stands for the album; nil if no track has one.
    public var cover: Track?
    public var marks: Marks
}

/// A genre of an account's tracks, compared without case.
public struct Genre: Sendable, Hashable {
    public var name: String
    public var tracks: Int
}

/// A listener's favourite mark and rating of a track, an album or an artist.
public struct Marks: Sendable, Hashable {
    /// When it became a favourite, in milliseconds since 1970; nil if it is not one.
    public var favourite: Int?
    /// 1 to 5; 0 if there is none.
    public var rating: Int
}

/// The kinds of items that can be marked.
public enum Markable: String, Sendable, CaseIterable {
    case track
    case album
    case artist

    /// A condition behind another: whether the item of a row is more than what its tracks left.
    var isThere: String {
        switch self {
        case .track: ""
        // The tracks of an album without a name are not counted.
        case .album: " AND EXISTS (SELECT 1 FROM track WHERE track.albumId = album.id)"
        case .artist: " AND uses > 0"
        }
    }
}
