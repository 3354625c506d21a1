/// A track of an account's own locker, as far as its taste needs it.
public struct OwnTrack: Sendable, Hashable {
    public var id: String
    /// Nil until the track's sound is measured.
    public var recording: Int64?
    public var artist: String
    public var artistID: String
    public var albumID: String
    public var genres: [String]
    /// Seconds.
    public var duration: Double
    /// Milliseconds since 1970 of the latest play; 0 without one.
    public var played: Int
    public var title: String
    /// Equal for genres that differ in letter case alone.
    public var genreKeys: [String]

    public init(
        id: String, recording: Int64?, artist: String, artistID: String, albumID: String, genres: [String], duration: Double,
        played: Int, title: String
    ) {
        (self.id, self.recording, self.title, self.artist) = (id, recording, title, artist)
        (self.artistID, self.albumID, self.duration, self.played) = (artistID, albumID, duration, played)
        self.genres = genres
        genreKeys = genres.map(Self.key(ofGenre:))
    }

    public static func key(ofGenre name: String) -> String { Track.order(of: name) }

    /// As ``artist`` is, of an artist with this name or sort name.
    public static func key(ofArtist name: String) -> String { Track.order(of: name) }

    /// A key of a genre or an artist, without what tells accents apart: other shops write other accents.
    public static func withoutAccents(_ key: String) -> String { String(Substring(key.utf8.prefix { $0 != 1 })) }
}
