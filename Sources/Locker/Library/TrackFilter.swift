/// The tracks that a list is limited to.
public enum TrackFilter: Sendable, Hashable {
    /// The tracks of an album, by disc and track number.
    case album(String)
    /// The tracks that an artist is an artist of, by album, disc and track number.
    case artist(String)
    /// The tracks of a genre, by title.
    case genre(String)
    /// The favourites, the latest first.
    case favourites
}
